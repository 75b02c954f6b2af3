/* pythonw.exe: the same without a console. */
#include <windows.h>
#include <stdlib.h>
#include <wchar.h>

__declspec(dllimport) int Py_Main(int argc, wchar_t **argv);

int WINAPI wWinMain(HINSTANCE program, HINSTANCE none, LPWSTR words, int shown) { return Py_Main(__argc, __wargv); }
