/* tasklist.exe as the smoke test calls it: /NH /FO CSV /FI "IMAGENAME eq frame-backend*". Wine 8's knows no filter. */
#include "processes.h"
#include <stdio.h>
#include <string.h>

static void tell(const PROCESSENTRY32 *process, void *count)
{
    if (_strnicmp(process->szExeFile, "frame-backend", 13))
        return;
    printf("\"%s\",\"%lu\",\"Console\",\"1\",\"1 K\"\r\n", process->szExeFile, process->th32ProcessID);
    ++*(int *)count;
}

int main(void)
{
    int count = 0;
    each_process(tell, &count);
    if (!count)
        printf("INFO: No tasks are running which match the specified criteria.\r\n");
    return 0;
}
