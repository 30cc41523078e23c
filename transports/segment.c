/* SPDX-License-Identifier: MIT */
/* POSIX shared memory objects by name. */
#include "transports/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "transports/recognise.h"

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14 */
#define MADV_POPULATE_WRITE 23
#endif

#define SEGMENT_TRIES 8 /* a name of 64 random bits is hardly ever taken, even once */

/* shm_open wants a slash in front, Python's names have none. */
static const char *segment_path(const char *name, char path[SEGMENT_NAME_BYTES + 1])
{
	(void)snprintf(path, SEGMENT_NAME_BYTES + 1, "/%s", name[0] == '/' ? name + 1 : name);
	return path;
}

static int segment_draw_name(const char *prefix, char name[SEGMENT_NAME_BYTES], struct err *err)
{
	uint64_t random;
	int length;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return err_system(err, "drawing a random name");
	length = snprintf(name, SEGMENT_NAME_BYTES, "%s-%016" PRIx64, prefix, random);
	if (length < 0 || length > SEGMENT_NAME_MAX)
		return err_set(err, ERR_RANGE, "no room for the segment's name after \"%.40s...\"",
			       prefix);
	return 0;
}

/* Returns the descriptor, or -1. */
static int segment_new(const char *prefix, char name[SEGMENT_NAME_BYTES], struct err *err)
{
	char path[SEGMENT_NAME_BYTES + 1];
	int fd;

	for (int i = 0; i < SEGMENT_TRIES; i++) {
		if (segment_draw_name(prefix, name, err) != 0)
			return -1;
		fd = shm_open(segment_path(name, path), O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	return fd >= 0 ? fd : err_system(err, "creating the segment %s", name);
}

/* Words for a segment that did not get its bytes; error is an errno. */
static int segment_fail_room(const char *name, size_t bytes, int error, struct err *err)
{
	if (error == ENOSPC || error == ENOMEM)
		return err_set(err, ERR_MEMORY, "/dev/shm is full: no room for the %zu bytes of %s",
			       bytes, name);
	errno = error;
	return err_system(err, "allocating %zu bytes for the segment %s", bytes, name);
}

static int segment_map(int fd, size_t bytes, enum pages pages, struct segment *segment,
		       struct err *err)
{
	void *data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (data == MAP_FAILED)
		return err_system(err, "mapping %zu bytes of a segment", bytes);
	/* Only a wish: kernels without huge pages for shared memory refuse it. */
	(void)madvise(data, bytes, pages == PAGES_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	*segment = (struct segment){.data = data, .bytes = bytes};
	return 0;
}

/*
 * Touches the pages first, since only a page fault heeds the wish for huge ones.
 * posix_fallocate then does what touching could not, or says why it cannot.
 */
static int segment_allocate(int fd, const char *name, enum pages pages, struct segment *segment,
			    size_t bytes, struct err *err)
{
	int error;

	if (ftruncate(fd, (off_t)bytes) != 0)
		return segment_fail_room(name, bytes, errno, err);
	if (segment_map(fd, bytes, pages, segment, err) != 0)
		return -1;
	(void)madvise(segment->data, bytes, MADV_POPULATE_WRITE);
	do
		error = posix_fallocate(fd, 0, (off_t)bytes);
	while (error == EINTR);
	if (error == 0)
		return 0;
	segment_close(segment);
	return segment_fail_room(name, bytes, error, err);
}

int segment_create(const char *prefix, size_t bytes, enum pages pages,
		   char name[SEGMENT_NAME_BYTES], struct segment *segment, struct err *err)
{
	int fd = segment_new(prefix, name, err);
	int status;

	if (fd < 0)
		return -1;
	status = segment_allocate(fd, name, pages, segment, segment_bytes(bytes), err);
	if (status != 0)
		(void)segment_unlink(name, NULL); /* the first error counts */
	(void)close(fd); /* nothing was written through it */
	return status;
}

/* write() into an empty object is twice as fast as touching its new pages. */
static int segment_write(int fd, const char *name, const char *data, size_t bytes,
			 struct err *err)
{
	size_t done = 0;
	ssize_t wrote;

	while (done < bytes) {
		wrote = write(fd, data + done, bytes - done);
		if (wrote > 0)
			done += (size_t)wrote;
		else if (wrote == 0 || errno != EINTR)
			return segment_fail_room(name, bytes, wrote ? errno : ENOSPC, err);
	}
	return 0;
}

int segment_create_filled(const char *prefix, const void *data, size_t bytes,
			  char name[SEGMENT_NAME_BYTES], struct err *err)
{
	int fd = segment_new(prefix, name, err);
	int status;

	if (fd < 0)
		return -1;
	status = segment_write(fd, name, bytes ? data : "", segment_bytes(bytes), err);
	if (status != 0)
		(void)segment_unlink(name, NULL); /* the first error counts */
	(void)close(fd); /* memory: a close loses nothing */
	return status;
}

static int segment_refuse_character(const char *name, size_t at, struct err *err)
{
	const unsigned char character = (unsigned char)name[at];
	const char *words = recognise_byte(character);

	(void)err_set(err, ERR_WRONG,
		      "the reply is no name of a segment: its character %zu is 0x%02x", at,
		      character);
	return words[0] ? err_add(err, ", %s", words) : -1;
}

/* A name is printable and has no slash but one in front, so it cannot lead out of /dev/shm. */
static int segment_check_name(const char *name, struct err *err)
{
	const char *plain = name[0] == '/' ? name + 1 : name;
	size_t length = 0;

	for (; plain[length]; length++)
		if (plain[length] <= ' ' || plain[length] > '~' || plain[length] == '/')
			return segment_refuse_character(name, length + (size_t)(plain - name), err);
	if (length == 0 || strcmp(plain, ".") == 0 || strcmp(plain, "..") == 0)
		return err_set(err, ERR_WRONG, "the reply \"%s\" is no name of a segment", name);
	return 0;
}

/* *other is the object's size if that is what is wrong with it. */
static int segment_check_object(int fd, const char *name, size_t bytes, size_t *other,
				struct err *err)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct stat stat;

	if (fstat(fd, &stat) != 0)
		return err_system(err, "looking at the segment %s", name);
	if (!S_ISREG(stat.st_mode))
		return err_set(err, ERR_WRONG, "%s in /dev/shm is no shared memory", name);
	if (stat.st_uid != geteuid())
		return err_set(err, ERR_WRONG, "the segment %s belongs to user %u, not to us", name,
			       stat.st_uid);
	if ((size_t)stat.st_size < bytes || (size_t)stat.st_size - bytes >= page ||
	    ((size_t)stat.st_size > bytes && (size_t)stat.st_size % page != 0)) {
		*other = (size_t)stat.st_size;
		return err_set(err, ERR_WRONG, "the segment %s has %jd bytes, the array %zu", name,
			       (intmax_t)stat.st_size, bytes);
	}
	return 0;
}

int segment_open(const char *name, size_t bytes, enum pages pages, bool touch,
		 struct segment *segment, struct err *err)
{
	char path[SEGMENT_NAME_BYTES + 1];
	int status;
	int fd;

	if (segment_check_name(name, err) != 0)
		return -1;
	bytes = segment_bytes(bytes);
	fd = shm_open(segment_path(name, path), O_RDWR, 0);
	if (fd < 0)
		return err_system(err, "opening the segment %s", name);
	status = segment_check_object(fd, name, bytes, &segment->bytes, err);
	if (status == 0)
		status = segment_map(fd, bytes, pages, segment, err);
	if (status == 0 && touch)
		(void)madvise(segment->data, bytes, MADV_POPULATE_READ); /* else page by page */
	(void)close(fd); /* the mapping stays */
	return status;
}

void segment_close(struct segment *segment)
{
	if (segment->data)
		(void)munmap(segment->data, segment->bytes);
	*segment = (struct segment){0};
}

int segment_unlink(const char *name, struct err *err)
{
	char path[SEGMENT_NAME_BYTES + 1];

	if (shm_unlink(segment_path(name, path)) != 0 && errno != ENOENT)
		return err_system(err, "removing the segment %s", name);
	return 0;
}
