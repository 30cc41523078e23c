/* SPDX-License-Identifier: MIT */
/* Connections that have shown no ticket yet. */
#include "transports/net/strangers.h"

#include <sys/socket.h>

void strangers_init(struct strangers *strangers)
{
	*strangers = (struct strangers){0};
	(void)pthread_mutex_init(&strangers->lock, NULL);
}

void strangers_fini(struct strangers *strangers)
{
	(void)pthread_mutex_destroy(&strangers->lock);
}

static void strangers_unlink(struct strangers *strangers, struct stranger *stranger)
{
	*(stranger->older ? &stranger->older->newer : &strangers->oldest) = stranger->newer;
	*(stranger->newer ? &stranger->newer->older : &strangers->newest) = stranger->older;
	stranger->fd = -1;
	strangers->count--;
}

/* Called with the lock held, under which the descriptor is still the stranger's. */
static void strangers_hang_up(struct strangers *strangers)
{
	struct stranger *oldest = strangers->oldest;

	if (!oldest)
		return;
	(void)shutdown(oldest->fd, SHUT_RDWR);
	strangers_unlink(strangers, oldest);
}

void strangers_enter(struct strangers *strangers, struct stranger *stranger, int fd)
{
	(void)pthread_mutex_lock(&strangers->lock);
	if (strangers->count == STRANGERS_MAX)
		strangers_hang_up(strangers);
	*stranger = (struct stranger){.older = strangers->newest, .fd = fd};
	*(stranger->older ? &stranger->older->newer : &strangers->oldest) = stranger;
	strangers->newest = stranger;
	strangers->count++;
	(void)pthread_mutex_unlock(&strangers->lock);
}

void strangers_leave(struct strangers *strangers, struct stranger *stranger)
{
	(void)pthread_mutex_lock(&strangers->lock);
	if (stranger->fd >= 0)
		strangers_unlink(strangers, stranger);
	(void)pthread_mutex_unlock(&strangers->lock);
}

void strangers_evict(struct strangers *strangers)
{
	(void)pthread_mutex_lock(&strangers->lock);
	strangers_hang_up(strangers);
	(void)pthread_mutex_unlock(&strangers->lock);
}
