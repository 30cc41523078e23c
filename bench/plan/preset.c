/* SPDX-License-Identifier: MIT */
/* The presets, and what the blog post published. */
#include "bench/plan/preset.h"

#include <string.h>

#define SECOND_NS 1000000000u

const char *const blog_shapes[BLOG_SHAPE_COUNT] = {
	"1x3x224x224",
	"2x1024x16x16",
	"2x3x16x224x224",
	"128x1024x1024",
};

#define SHAPES_SMALLER "1x3x224x224,2x1024x16x16,2x3x16x224x224"
#define MOVERS "http+base64,http+bytes,ws+bytes,ws+shm,mp+pickle,unix+bytes,unix+shm,tcp+bytes"
#define SHAPES_ALL SHAPES_SMALLER ",128x1024x1024"

/* In microseconds, by blog_shapes. */
static const struct blog_row {
	const char *transport;
	uint64_t median_us[BLOG_SHAPE_COUNT];
} blog_table[] = {
	{"http+json", {290000, 1090000, 9230000, 259000000}},
	{"http+base64", {26400, 51500, 398000, 12300000}},
	{"ws+bytes", {4270, 15000, 171000, 5140000}},
	{"http+shm", {10700, 18100, 127000, 3130000}},
	{"ws+shm", {4340, 14900, 127000, 3820000}},
	{"mp+pickle", {7000, 17200, 162000, 4730000}},
};

static size_t blog_shape_index(const struct array_type *type)
{
	char text[ARRAY_TYPE_TEXT_BYTES];
	size_t i = 0;

	array_type_format(type, text);
	while (i < BLOG_SHAPE_COUNT && strcmp(text, blog_shapes[i]) != 0)
		i++;
	return i;
}

uint64_t blog_median_ns(const struct transport *transport, const struct array_type *type)
{
	size_t index = blog_shape_index(type);
	char name[TRANSPORT_NAME_BYTES];

	if (index == BLOG_SHAPE_COUNT)
		return 0;
	transport_format(transport, name);
	for (size_t i = 0; i < sizeof(blog_table) / sizeof(blog_table[0]); i++) {
		if (strcmp(name, blog_table[i].transport) == 0)
			return blog_table[i].median_us[index] * 1000;
	}
	return 0;
}

/* The most samples of an array of at least so many bytes; the first row that fits is meant. */
static const struct sample_limit {
	uint64_t bytes;
	unsigned flags; /* that the encoding has; 0: any */
	uint64_t samples;
} blog_limits[] = {
	{1u << 29, ENCODING_DIGITS, 5},
	{1u << 29, 0, 6},
	{1u << 24, 0, 30},
	{0, 0, 100},
};

static uint64_t blog_samples(const struct transport *transport, const struct array_type *type)
{
	const struct sample_limit *row = blog_limits;

	while (array_type_bytes(type) < row->bytes ||
	       (row->flags && !(row->flags & transport->encoding->flags)))
		row++;
	return row->samples;
}

const struct preset preset_table[] = {
	{
		.name = "blog",
		.help = "the blog post's six schemes and four shapes, fresh arrays and memory",
		.transports = "blog",
		.shapes = SHAPES_ALL,
		.options = {
			PLAN_COMMON,
			.source = SOURCE_FRESH,
			.memory = MEMORY_FRESH,
			.samples = 100,
			/*
			 * Of 1 GiB there are six samples, which five blocks take: twelve would
			 * double the time, a warm-up exchange and a set-up each.
			 */
			.budget_ns = UINT64_C(500) * SECOND_NS,
			.blocks = 12,
			.blocks_slow = 5,
		},
		.samples = blog_samples,
	},
	{
		.name = "quick",
		.help = "the six, unix+bytes and tcp+bytes, three smaller shapes, within a minute",
		.transports = "blog,unix+bytes,tcp+bytes",
		.shapes = SHAPES_SMALLER,
		.options = {
			PLAN_COMMON,
			.samples = 300,
			.budget_ns = SECOND_NS,
			.blocks = 12,
			.blocks_slow = 5, /* json and base64 at 38.5 MB */
		},
	},
	{
		.name = "full",
		.help = "everything that runs here, four shapes, five seconds a cell",
		.transports = "all",
		.shapes = SHAPES_ALL,
		.options = {
			PLAN_COMMON,
			.samples = 1000,
			.budget_ns = UINT64_C(5) * SECOND_NS,
			.blocks = 12,
			.blocks_slow = 5,
		},
	},
	{
		.name = "frames",
		.help = "video frames of uint8, VGA, HD and 4K, sent to the server",
		.transports = MOVERS,
		.shapes = "480x640x3:uint8,1080x1920x3:uint8,2160x3840x3:uint8",
		.options = {
			PLAN_COMMON,
			.direction = DIRECTION_PUSH,
			.samples = 300,
			.budget_ns = SECOND_NS,
			.blocks = 12,
			.blocks_slow = 5,
		},
	},
	{
		.name = "tensors",
		.help = "activations of float16 and float32, there and back",
		.transports = MOVERS,
		.shapes = "1x197x768:float16,1x256x56x56:float32,1x2048x4096:float16",
		.options = {
			PLAN_COMMON,
			.direction = DIRECTION_BOTH,
			.samples = 300,
			.budget_ns = SECOND_NS,
			.blocks = 12,
			.blocks_slow = 5,
		},
	},
	{.name = NULL},
};

const struct preset *preset_find(const char *name)
{
	const struct preset *preset = preset_table;

	while (preset->name && strcmp(preset->name, name) != 0)
		preset++;
	return preset->name ? preset : NULL;
}
