/* SPDX-License-Identifier: MIT */
/* One worker process. */
#include "bench/run/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transports/net/io.h"
#include "transports/registry.h"

extern char **environ;

/* Moves the descriptors to where a worker looks for them; see worker.h. */
static int child_actions(posix_spawn_file_actions_t *actions, int control_fd, int scoreboard_fd,
			 int log_fd)
{
	int status = posix_spawn_file_actions_init(actions);

	status |= posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
	status |= posix_spawn_file_actions_adddup2(actions, log_fd, 1);
	status |= posix_spawn_file_actions_adddup2(actions, log_fd, 2);
	status |= posix_spawn_file_actions_adddup2(actions, control_fd, CONTROL_FD);
	if (scoreboard_fd >= 0)
		status |= posix_spawn_file_actions_adddup2(actions, scoreboard_fd,
							   SCOREBOARD_FD);
	return status;
}

/* A process group of its own, and none of our signal dispositions or masks: masks survive exec. */
static int child_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none;
	sigset_t all;
	int status = posix_spawnattr_init(attributes);

	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	status |= posix_spawnattr_setsigmask(attributes, &none);
	status |= posix_spawnattr_setsigdefault(attributes, &all);
	status |= posix_spawnattr_setpgroup(attributes, 0);
	status |= posix_spawnattr_setflags(
		attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	return status;
}

static int child_spawn(struct child *child, const char *what, int control_fd, int scoreboard_fd,
		       struct err *err)
{
	char program[] = "ipctop";
	char worker[] = "worker";
	char role[16];
	char title[TRANSPORT_NAME_BYTES];
	char *arguments[] = {program, worker, role, *what ? title : NULL, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int status;

	(void)snprintf(role, sizeof(role), "%s", child->role);
	(void)snprintf(title, sizeof(title), "%s", what);
	status = child_actions(&actions, control_fd, scoreboard_fd, child->log_fd);
	status |= child_attributes(&attributes);
	if (status == 0)
		status = posix_spawn(&child->pid, "/proc/self/exe", &actions, &attributes,
				     arguments, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	if (status != 0) {
		child->pid = 0;
		errno = status;
		return err_system(err, "starting the %s", child->role);
	}
	return 0;
}

int child_lift(int *fd)
{
	int lifted = fcntl(*fd, F_DUPFD_CLOEXEC, SCOREBOARD_FD + 1);

	/* Where none so high may be opened, the kernel calls the number invalid. */
	if (lifted < 0 && errno == EINVAL)
		errno = EMFILE;
	io_close(fd);
	*fd = lifted;
	return lifted < 0 ? -1 : 0;
}

int child_start(struct child *child, const char *role, const char *what, int scoreboard_fd,
		struct err *err)
{
	int sockets[2] = {-1, -1};
	int status = -1;

	*child = (struct child){.role = role, .pidfd = -1, .log_fd = -1};
	child->control = (struct control){.world = &world_real, .fd = -1};
	child->log_fd = memfd_create("ipctop-log", MFD_CLOEXEC);
	if (child->log_fd < 0 || child_lift(&child->log_fd) != 0 ||
	    fcntl(child->log_fd, F_SETFL, O_APPEND) != 0)
		return err_system(err, "making the %s's log", role);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    child_lift(&sockets[0]) != 0 || child_lift(&sockets[1]) != 0) {
		(void)err_system(err, "making the %s's control stream", role);
		goto out;
	}
	if (child_spawn(child, what, sockets[1], scoreboard_fd, err) != 0)
		goto out;
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0) {
		(void)err_system(err, "watching the %s", role);
		goto out;
	}
	(void)fcntl(child->pidfd, F_SETFD, FD_CLOEXEC);
	child->control.fd = sockets[0];
	sockets[0] = -1;
	status = 0;
out:
	io_close(&sockets[0]);
	io_close(&sockets[1]);
	return status;
}

/*
 * What it has started goes with it: a foreign program, and what that started. While
 * it is not reaped its group's number is nobody else's.
 */
static void child_kill_group(const struct child *child)
{
	(void)kill(-child->pid, SIGKILL);
}

bool child_reap(struct child *child)
{
	siginfo_t info = {.si_pid = 0};

	if (!child->pid || child->exited)
		return true;
	if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == child->pid) {
		child_kill_group(child);
		child->exited = waitpid(child->pid, &child->status, WNOHANG) == child->pid;
	}
	return child->exited;
}

bool child_is_stopped(const struct child *child)
{
	siginfo_t info = {0};

	return child->pid && !child->exited &&
	       waitid(P_PID, (id_t)child->pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == child->pid;
}

void child_kill(struct child *child)
{
	if (child->pid && !child->exited)
		child_kill_group(child);
}

static void child_last_line(const struct child *child, char *line, size_t size)
{
	char log[512];
	size_t length = child_log(child, log, sizeof(log));
	const char *start;

	while (length && (log[length - 1] == '\n' || log[length - 1] == ' '))
		log[--length] = '\0';
	start = strrchr(log, '\n');
	(void)snprintf(line, size, "%.190s", start ? start + 1 : log);
}

void child_explain(const struct child *child, struct err *err)
{
	char line[200];
	char how[64];

	child_last_line(child, line, sizeof(line));
	if (WIFSIGNALED(child->status))
		(void)snprintf(how, sizeof(how), "was killed by signal %d (%s)",
			       WTERMSIG(child->status), strsignal(WTERMSIG(child->status)));
	else
		(void)snprintf(how, sizeof(how), "exited with status %d",
			       WEXITSTATUS(child->status));
	(void)err_set(err, ERR_CLOSED, "the %s %s%s%s", child->role, how, *line ? ": " : "", line);
}

size_t child_log(const struct child *child, char *text, size_t size)
{
	off_t end = child->log_fd >= 0 ? lseek(child->log_fd, 0, SEEK_END) : 0;
	off_t start = end > (off_t)(size - 1) ? end - (off_t)(size - 1) : 0;
	ssize_t got = child->log_fd >= 0 ? pread(child->log_fd, text, size - 1, start) : 0;

	if (got < 0)
		got = 0;
	text[got] = '\0';
	/* It may end on a terminal: nothing from outside may move a cursor there. */
	for (ssize_t i = 0; i < got; i++)
		if ((unsigned char)text[i] < ' ' && text[i] != '\n')
			text[i] = ' ';
		else if ((unsigned char)text[i] >= 127)
			text[i] = '?';
	return (size_t)got;
}

void child_end(struct child *child)
{
	if (!child->role)
		return;
	child_kill(child);
	while (child->pid && !child->exited) {
		pid_t got = waitpid(child->pid, &child->status, 0);

		child->exited = got == child->pid || (got < 0 && errno != EINTR);
	}
	io_close(&child->pidfd);
	io_close(&child->log_fd);
	io_close(&child->control.fd);
	*child = (struct child){0};
}
