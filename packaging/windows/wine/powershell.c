/* powershell.exe for the one question that the smoke test has for it: the working set of the program's processes. */
#include "processes.h"
#include <psapi.h>
#include <stdio.h>
#include <string.h>

static void add(const PROCESSENTRY32 *process, void *bytes)
{
    PROCESS_MEMORY_COUNTERS memory;
    HANDLE opened;
    if (_stricmp(process->szExeFile, "frame-backend.exe"))
        return;
    opened = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, process->th32ProcessID);
    if (opened && GetProcessMemoryInfo(opened, &memory, sizeof memory))
        *(unsigned long long *)bytes += memory.WorkingSetSize;
    CloseHandle(opened);
}

int main(void)
{
    unsigned long long bytes = 0;
    each_process(add, &bytes);
    printf("%llu\r\n", bytes);
    return 0;
}
