/* What the three programs below ask of the system: each process, one after the other. */
#include <windows.h>
#include <tlhelp32.h>

static void each_process(void (*look)(const PROCESSENTRY32 *, void *), void *kept)
{
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    PROCESSENTRY32 process;
    process.dwSize = sizeof process;
    if (Process32First(all, &process))
        do
            look(&process, kept);
        while (Process32Next(all, &process));
    CloseHandle(all);
}
