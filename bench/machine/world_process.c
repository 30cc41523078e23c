/* SPDX-License-Identifier: MIT */
/* Processes: this program started again, with a control stream, a log and shared memory. */
#include "bench/machine/world_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "transports/net/io.h"
#include "transports/unused.h"

extern char **environ;

/* Moves the descriptors to where the program looks for them. */
static int process_actions(posix_spawn_file_actions_t *actions, const struct world_program *program,
			   int control_fd, int log_fd)
{
	int status = posix_spawn_file_actions_init(actions);

	status |= posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
	status |= posix_spawn_file_actions_adddup2(actions, log_fd, 1);
	status |= posix_spawn_file_actions_adddup2(actions, log_fd, 2);
	status |= posix_spawn_file_actions_adddup2(actions, control_fd, program->control_number);
	if (program->shared_fd >= 0)
		status |= posix_spawn_file_actions_adddup2(actions, program->shared_fd,
							   program->shared_number);
	return status;
}

/* A process group of its own, and none of our signal dispositions or masks: masks survive exec. */
static int process_attributes(posix_spawnattr_t *attributes)
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

#define PADDING_NAME "IPCTOP_PADDING="
#define PADDING_MOST 4096u

/* Our environment, longer by so many bytes of a variable that means nothing. NULL: no memory. */
static char **environment_make(size_t bytes, char padding[PADDING_MOST + 1])
{
	size_t count = 0;
	char **longer;

	while (environ[count])
		count++;
	longer = calloc(count + 2, sizeof(longer[0]));
	if (!longer)
		return NULL;
	memcpy(longer, environ, count * sizeof(longer[0]));
	if (bytes < sizeof(PADDING_NAME) || bytes > PADDING_MOST)
		return longer;
	memset(padding, 'x', bytes);
	padding[bytes - 1] = '\0';
	memcpy(padding, PADDING_NAME, sizeof(PADDING_NAME) - 1);
	longer[count] = padding;
	return longer;
}

static int process_start(struct world_process *process, const struct world_program *program,
			 int control_fd, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char padding[PADDING_MOST + 1];
	char **environment = environment_make(program->environment_bytes, padding);
	int status = process_actions(&actions, program, control_fd, process->log_fd);

	status |= process_attributes(&attributes);
	if (status == 0)
		status = posix_spawn(&process->pid, "/proc/self/exe", &actions, &attributes,
				     program->arguments, environment ? environment : environ);
	free(environment);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&attributes);
	if (status != 0) {
		process->pid = 0;
		errno = status;
		return err_system(err, "starting the %s", program->role);
	}
	return 0;
}

int process_lift(int *fd)
{
	int lifted = fcntl(*fd, F_DUPFD_CLOEXEC, WORLD_GIVEN_FD_MAX + 1);

	/* Where none so high may be opened, the kernel calls the number invalid. */
	if (lifted < 0 && errno == EINVAL)
		errno = EMFILE;
	io_close(fd);
	*fd = lifted;
	return lifted < 0 ? -1 : 0;
}

static int process_make_log(struct world_process *process, const char *role, struct err *err)
{
	process->log_fd = memfd_create("ipctop-log", MFD_CLOEXEC);
	if (process->log_fd < 0 || process_lift(&process->log_fd) != 0 ||
	    fcntl(process->log_fd, F_SETFL, O_APPEND) != 0)
		return err_system(err, "making the %s's log", role);
	return 0;
}

static int process_watch(struct world_process *process, const char *role, struct err *err)
{
	process->exit_fd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	if (process->exit_fd < 0)
		return err_system(err, "watching the %s", role);
	(void)fcntl(process->exit_fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

int process_spawn(const struct world *world UNUSED, const struct world_program *program,
		  struct world_process *process, struct err *err)
{
	int sockets[2] = {-1, -1};
	int status = -1;

	*process = (struct world_process)WORLD_NO_PROCESS;
	if (process_make_log(process, program->role, err) != 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0 ||
	    process_lift(&sockets[0]) != 0 || process_lift(&sockets[1]) != 0)
		(void)err_system(err, "making the %s's control stream", program->role);
	else if (process_start(process, program, sockets[1], err) == 0)
		status = process_watch(process, program->role, err);
	process->control_fd = sockets[0];
	io_close(&sockets[1]);
	return status;
}

/*
 * What it has started goes with it: a foreign program, and what that started. While
 * it is not reaped its group's number is nobody else's.
 */
static void process_kill_group(const struct world_process *process)
{
	(void)kill(-process->pid, SIGKILL);
}

bool process_reap(const struct world *world UNUSED, struct world_process *process, bool wait)
{
	siginfo_t info = {.si_pid = 0};
	int options = WEXITED | WNOWAIT | (wait ? 0 : WNOHANG);
	int status;

	if (!process->pid || process->exited)
		return true;
	do
		status = waitid(P_PID, (id_t)process->pid, &info, options);
	while (status != 0 && errno == EINTR && wait);
	if (status == 0 && info.si_pid == process->pid) {
		process_kill_group(process);
		process->exited = waitpid(process->pid, &process->status, WNOHANG) == process->pid;
	}
	/* There is no such process: nobody is to wait for it. */
	process->exited |= status != 0 && wait;
	return process->exited;
}

bool process_is_stopped(const struct world *world UNUSED, const struct world_process *process)
{
	siginfo_t info = {0};

	return process->pid && !process->exited &&
	       waitid(P_PID, (id_t)process->pid, &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == process->pid;
}

void process_kill(const struct world *world UNUSED, const struct world_process *process)
{
	if (process->pid && !process->exited)
		process_kill_group(process);
}

size_t process_log(const struct world *world UNUSED, const struct world_process *process,
		   char *text, size_t size)
{
	off_t end = process->log_fd >= 0 ? lseek(process->log_fd, 0, SEEK_END) : 0;
	off_t start = end > (off_t)size ? end - (off_t)size : 0;
	ssize_t got = process->log_fd >= 0 ? pread(process->log_fd, text, size, start) : 0;

	return got < 0 ? 0 : (size_t)got;
}
