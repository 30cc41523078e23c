/* SPDX-License-Identifier: MIT */
/* The real world. */
#include "bench/machine/world.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/machine/socket_folder.h"
#include "bench/machine/world_process.h"
#include "transports/net/io.h"
#include "transports/unused.h"

static uint64_t real_now_ns(const struct world *world UNUSED)
{
	return clock_now_ns();
}

static int64_t real_date_s(const struct world *world UNUSED)
{
	return time(NULL);
}

static int real_random(const struct world *world UNUSED, void *bytes, size_t count)
{
	return getrandom(bytes, count, 0) == (ssize_t)count ? 0 : -1;
}

static int real_make_name(const struct world *world UNUSED, char name[SWEEP_NAME_BYTES],
			  struct err *err)
{
	return sweep_make_name(name, err);
}

static void real_sweep(const struct world *world UNUSED, const char *name)
{
	char directory[SOCKET_FOLDER_BYTES];

	if (!name) {
		sweep_dead();
		return;
	}
	sweep_segments(name);
	sweep_directory(socket_folder_path(name, directory));
}

static void real_noise(const struct world *world UNUSED, struct noise_snapshot *snapshot)
{
	noise_take(snapshot);
}

static ssize_t real_send(const struct world *world UNUSED, int fd, const void *data, size_t bytes)
{
	return send(fd, data, bytes, MSG_NOSIGNAL);
}

static ssize_t real_receive(const struct world *world UNUSED, int fd, void *data, size_t bytes,
			    bool wait)
{
	return recv(fd, data, bytes, wait ? 0 : MSG_DONTWAIT);
}

static int real_share(const struct world *world UNUSED, const char *name, size_t bytes,
		      struct world_shared *shared, struct err *err)
{
	char title[32];
	void *map;

	(void)snprintf(title, sizeof(title), "ipctop-%s", name);
	*shared = (struct world_shared){.bytes = bytes, .fd = memfd_create(title, MFD_CLOEXEC)};
	if (shared->fd < 0 || ftruncate(shared->fd, (off_t)bytes) != 0 ||
	    process_lift(&shared->fd) != 0)
		return err_system(err, "making the %s", name);
	map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, shared->fd, 0);
	if (map == MAP_FAILED)
		return err_system(err, "mapping the %s", name);
	shared->map = map;
	return 0;
}

static void real_unshare(const struct world *world UNUSED, struct world_shared *shared)
{
	if (shared->map)
		(void)munmap((void *)shared->map, shared->bytes);
	shared->map = NULL;
	io_close(&shared->fd);
}

static int real_watch_open(const struct world *world UNUSED)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

static int real_watch(const struct world *world UNUSED, int set, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data = {.fd = fd}};

	return epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

/* Readiness is level-triggered, and whoever waits looks at everything: events say nothing more. */
static void real_await(const struct world *world UNUSED, int set, int timeout_ms)
{
	struct epoll_event events[8];

	(void)epoll_wait(set, events, 8, timeout_ms);
}

static void real_close(const struct world *world UNUSED, int *fd)
{
	io_close(fd);
}

static int real_create(const struct world *world UNUSED, const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static int real_rename(const struct world *world UNUSED, const char *from, const char *to)
{
	return rename(from, to);
}

static int real_remove(const struct world *world UNUSED, const char *path)
{
	return unlink(path);
}

const struct world world_real = {
	.now_ns = real_now_ns,
	.date_s = real_date_s,
	.random = real_random,
	.make_name = real_make_name,
	.sweep = real_sweep,
	.noise = real_noise,
	.spawn = process_spawn,
	.reap = process_reap,
	.is_stopped = process_is_stopped,
	.kill = process_kill,
	.log = process_log,
	.send = real_send,
	.receive = real_receive,
	.share = real_share,
	.unshare = real_unshare,
	.watch_open = real_watch_open,
	.watch = real_watch,
	.await = real_await,
	.close = real_close,
	.create = real_create,
	.rename = real_rename,
	.remove = real_remove,
};
