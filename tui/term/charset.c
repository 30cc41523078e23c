/* SPDX-License-Identifier: MIT */
/* The locale as it really is. */
#include "tui/term/charset.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <strings.h>

bool charset_open(void)
{
	return setlocale(LC_CTYPE, "") && strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
