/* taskkill.exe as it is called here: /F /T with /PID NUMBER or /IM NAME, each any number of times. Wine 8's knows no /T. */
#include "processes.h"
#include <stdlib.h>
#include <string.h>

static int ended;

static void end_tree(DWORD number);

static void end_child(const PROCESSENTRY32 *process, void *parent)
{
    if (process->th32ParentProcessID == *(DWORD *)parent && process->th32ProcessID != *(DWORD *)parent)
        end_tree(process->th32ProcessID);
}

static void end_tree(DWORD number)
{
    each_process(end_child, &number);
    HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, number);
    if (process && TerminateProcess(process, 1))
        ended++;
    CloseHandle(process);
}

static void end_named(const PROCESSENTRY32 *process, void *name)
{
    if (!_stricmp(process->szExeFile, name))
        end_tree(process->th32ProcessID);
}

int main(int count, char **words)
{
    for (int i = 1; i + 1 < count; i++) {
        if (!_stricmp(words[i], "/PID"))
            end_tree(strtoul(words[i + 1], NULL, 10));
        if (!_stricmp(words[i], "/IM"))
            each_process(end_named, words[i + 1]);
    }
    return ended ? 0 : 128;
}
