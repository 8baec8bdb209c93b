/* Read every character of a file and its box by pdfium, and print the CPU time of a page in milliseconds.

   What no reader that asks the same library can beat. Called with a file and how often to read it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef void *Handle;

void FPDF_InitLibrary(void);
Handle FPDF_LoadDocument(const char *path, const char *password);
void FPDF_CloseDocument(Handle document);
int FPDF_GetPageCount(Handle document);
Handle FPDF_LoadPage(Handle document, int index);
void FPDF_ClosePage(Handle page);
Handle FPDFText_LoadPage(Handle page);
void FPDFText_ClosePage(Handle text);
int FPDFText_CountChars(Handle text);
unsigned int FPDFText_GetUnicode(Handle text, int index);
int FPDFText_GetCharBox(Handle text, int index, double *left, double *right, double *bottom, double *top);

static double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* Add up what is read, so that no reading can be left out. */
static long read_file(const char *path, double *sum) {
    Handle document = FPDF_LoadDocument(path, NULL);
    if (!document) exit(2);
    int pages = FPDF_GetPageCount(document);
    for (int index = 0; index < pages; index++) {
        Handle page = FPDF_LoadPage(document, index);
        Handle text = FPDFText_LoadPage(page);
        int characters = FPDFText_CountChars(text);
        for (int place = 0; place < characters; place++) {
            double left = 0, right = 0, bottom = 0, top = 0;
            FPDFText_GetCharBox(text, place, &left, &right, &bottom, &top);
            *sum += FPDFText_GetUnicode(text, place) + left + right + bottom + top;
        }
        FPDFText_ClosePage(text);
        FPDF_ClosePage(page);
    }
    FPDF_CloseDocument(document);
    return pages;
}

int main(int count, char **arguments) {
    if (count != 3) return 1;
    double sum = 0;
    long pages = 0;
    FPDF_InitLibrary();
    read_file(arguments[1], &sum);
    double began = cpu_seconds();
    for (int times = atoi(arguments[2]); times > 0; times--) pages += read_file(arguments[1], &sum);
    printf("%.6f %.0f\n", (cpu_seconds() - began) * 1000 / pages, sum);
    return 0;
}
