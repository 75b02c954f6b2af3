/* icuuc.dll, which Qt links to for rare encodings and Wine 8 has not: every converter fails, so Qt has none of them. */
#define ASKED __declspec(dllexport)
#define FAILED(error) do { if (error) *(error) = 4; } while (0) /* U_FILE_ACCESS_ERROR */

ASKED void *ucnv_open(const char *name, int *error) { FAILED(error); return 0; }
ASKED void ucnv_close(void *converter) {}
ASKED void ucnv_reset(void *converter) {}
ASKED void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
ASKED void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
ASKED signed char ucnv_getMaxCharSize(void *converter) { return 1; }
ASKED const char *ucnv_getName(void *converter, int *error) { FAILED(error); return 0; }
ASKED void ucnv_getToUCallBack(void *converter, void **action, void **context) {}
ASKED void ucnv_getFromUCallBack(void *converter, void **action, void **context) {}
ASKED void ucnv_setToUCallBack(void *converter, void *action, void *context, void **old, void **older, int *error)
{
    FAILED(error);
}
ASKED void ucnv_setFromUCallBack(void *converter, void *action, void *context, void **old, void **older, int *error)
{
    FAILED(error);
}
ASKED void ucnv_cbToUWriteUChars(void *arguments) {}
ASKED void ucnv_cbFromUWriteUChars(void *arguments) {}
ASKED void ucnv_toUnicode(void *converter) {}
ASKED void ucnv_fromUnicode(void *converter) {}
ASKED int ucnv_toUCountPending(void *converter, int *error) { FAILED(error); return 0; }
ASKED int ucnv_fromUCountPending(void *converter, int *error) { FAILED(error); return 0; }
ASKED const char *ucnv_getStandardName(const char *name, const char *standard, int *error) { FAILED(error); return 0; }
ASKED const char *ucnv_getAvailableName(int number) { return 0; }
ASKED int ucnv_countAvailable(void) { return 0; }
