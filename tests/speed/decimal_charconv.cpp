/* SPDX-License-Identifier: MIT */
/* The C++ standard library's own conversions, for the micro benchmark to compare with. */
#include <charconv>
#include <cstddef>

extern "C" {
size_t charconv_format(double value, char *out);
const char *charconv_parse(const char *text, const char *end, double *value);
}

size_t charconv_format(double value, char *out)
{
	return static_cast<size_t>(std::to_chars(out, out + 32, value).ptr - out);
}

const char *charconv_parse(const char *text, const char *end, double *value)
{
	const auto result = std::from_chars(text, end, *value);

	return result.ec == std::errc() ? result.ptr : nullptr;
}
