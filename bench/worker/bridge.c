/* SPDX-License-Identifier: MIT */
/* A foreign program as a child of a worker. */
#include "bench/worker/bridge.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/machine/clock.h"
#include "bench/text/text.h"
#include "transports/net/io.h"

/* What of its stderr is kept at most, in the log's memory: the latest. */
#define LOG_BYTES_MAX (64u << 10)

#define MS_NS UINT64_C(1000000)

/* While it rests, its log is emptied so often. */
#define REST_MS 100

/* Whoever closes its stdout is about to exit: wait so long for the status. */
#define EXIT_NS UINT64_C(500000000)

/* What to do about a program that cannot be started. */
static const char *bridge_remedy(int code)
{
	if (code == ENOENT)
		return " (is it installed, and in PATH?)";
	if (code == EACCES)
		return " (chmod +x makes a file a program)";
	return code == ENOEXEC ? " (a script begins with #! and its interpreter)" : "";
}

/* In the child, between fork and exec: only what is safe there. */
static void bridge_become(const char *const *command, pid_t worker, const int fds[3])
{
	sigset_t none;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != worker)
		_exit(127);
	/* A worker ignores these, and what is ignored stays so over exec. */
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGXFSZ, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	for (int i = 0; i < 3; i++)
		if (dup2(fds[i], i) < 0)
			_exit(127);
	/* The worker's own, which are inherited on purpose, are not for it. */
	(void)close_range(3, ~0u, 0);
	(void)execvp(command[0], (char *const *)(uintptr_t)command);
	dprintf(2, "%s: %s%s\n", command[0], strerror(errno), bridge_remedy(errno));
	_exit(127);
}

static int bridge_prepare(const struct program *program, struct err *err)
{
	for (const char *const *name = program->environment; *name; name += 2)
		if (setenv(name[0], name[1], 1) != 0)
			return err_system(err, "setting %.60s", name[0]);
	if (chdir(program->directory) != 0)
		return err_system(err, "entering %.200s", program->directory);
	return 0;
}

/* The child's ends are closed here once it has them. */
static int bridge_fork(struct bridge *bridge, const char *const *command, int theirs[3],
		       struct err *err)
{
	pid_t worker = getpid();

	bridge->pid = fork();
	if (bridge->pid == 0)
		bridge_become(command, worker, theirs);
	for (int i = 0; i < 3; i++)
		io_close(&theirs[i]);
	if (bridge->pid < 0) {
		bridge->pid = 0;
		return err_system(err, "starting %.60s", bridge->name);
	}
	bridge->pid_fd = (int)syscall(SYS_pidfd_open, bridge->pid, 0);
	return bridge->pid_fd < 0 ? err_system(err, "watching %.60s", bridge->name) : 0;
}

int bridge_start(struct bridge *bridge, const struct program *program, const char *const *command,
		 struct err *err)
{
	int in[2] = {-1, -1};
	int out[2] = {-1, -1};
	int errors[2] = {-1, -1};
	int theirs[3];

	*bridge = (struct bridge){
		.name = command[0], .pid_fd = -1, .watched_ns = clock_now_ns()};
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 ||
	    pipe2(errors, O_CLOEXEC) != 0)
		(void)err_system(err, "making pipes");
	bridge->to_fd = in[1];
	bridge->from_fd = out[0];
	bridge->error_fd = errors[0];
	bridge->wake_fd = eventfd(0, EFD_CLOEXEC);
	theirs[0] = in[0];
	theirs[1] = out[1];
	theirs[2] = errors[1];
	if (errors[1] < 0 || bridge->wake_fd < 0 ||
	    fcntl(bridge->error_fd, F_SETFL, O_NONBLOCK) != 0 ||
	    bridge_prepare(program, err) != 0) {
		for (int i = 0; i < 3; i++)
			io_close(&theirs[i]);
		return err_system(err, "starting %.60s", bridge->name);
	}
	return bridge_fork(bridge, command, theirs, err);
}

int bridge_say(struct bridge *bridge, const char *text, struct err *err)
{
	size_t bytes = strlen(text);

	while (bytes) {
		ssize_t sent = write(bridge->to_fd, text, bytes);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EPIPE) {
			bridge->deaf = true; /* who listens to it hears whether it has ended */
			return 0;
		}
		if (sent < 0)
			return err_system(err, "speaking to %.60s", bridge->name);
		text += sent;
		bytes -= (size_t)sent;
	}
	return 0;
}

static bool line_tells(const char *line)
{
	/* Bytes of UTF-8 are letters of some kind. */
	while (*line && !isalnum((unsigned char)*line) && (unsigned char)*line < 0x80)
		line++;
	return *line;
}

/* The line is over, or is the last. */
static void bridge_keep_line(struct bridge *bridge)
{
	const char *text = bridge->line + strspn(bridge->line, " \t");

	if (line_tells(text))
		(void)snprintf(bridge->tail, sizeof(bridge->tail), "%s", text);
	bridge->line_used = 0;
	bridge->line[0] = '\0';
}

/* Keeps the latest line that tells anything: a program that dies says there why. */
static void bridge_keep_tail(struct bridge *bridge, const char *text, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (text[i] == '\n') {
			bridge_keep_line(bridge);
		} else if (bridge->line_used < sizeof(bridge->line) - 1) {
			bridge->line[bridge->line_used++] = text[i];
			bridge->line[bridge->line_used] = '\0';
		}
	}
}

/* One read. Returns false if there is nothing more, for now or for good. */
static bool bridge_drain_some(struct bridge *bridge)
{
	char text[4096];
	ssize_t got = bridge->error_fd < 0 ? -1 : read(bridge->error_fd, text, sizeof(text));

	if (got == 0)
		io_close(&bridge->error_fd);
	if (got <= 0)
		return false;
	bridge_keep_tail(bridge, text, (size_t)got);
	bridge->logged_bytes += (size_t)got;
	/* The log is a file in memory: it starts again before it becomes large. */
	if (bridge->logged_bytes > LOG_BYTES_MAX && ftruncate(STDERR_FILENO, 0) == 0)
		bridge->logged_bytes = (size_t)got;
	/* It is only a log: if it cannot be written, nothing else suffers. */
	return write(STDERR_FILENO, text, (size_t)got) == got;
}

static void bridge_drain(struct bridge *bridge)
{
	/* Not for ever: it may write faster than we read. */
	for (int i = 0; i < 16 && bridge_drain_some(bridge); i++)
		;
}

void bridge_wake(struct bridge *bridge)
{
	const uint64_t one = 1;

	(void)!write(bridge->wake_fd, &one, sizeof(one)); /* it is readable already then */
}

/* Reaps it if it exits in time. */
static bool bridge_reap(struct bridge *bridge, uint64_t patience_ns)
{
	struct pollfd polled = {.fd = bridge->pid_fd, .events = POLLIN};
	struct rusage usage;
	pid_t got = 0;

	if (!bridge->pid)
		return true;
	if (poll(&polled, 1, (int)(patience_ns / 1000000u)) > 0)
		got = wait4(bridge->pid, &bridge->status, WNOHANG, &usage);
	if (got != bridge->pid)
		return false;
	bridge->pid = 0;
	bridge->peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
	return true;
}

static enum err_kind bridge_ending(int status)
{
	/* What writes to a connection that the other end has closed gets this one. */
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGPIPE ? ERR_CLOSED : ERR_KILLED;
	return WEXITSTATUS(status) == 0 ? ERR_LEFT : ERR_EXITED;
}

/* How it ended, and what it said last. */
static int bridge_explain(struct bridge *bridge, struct err *err)
{
	enum err_kind kind;
	bool exited;
	char last[BRIDGE_TAIL_BYTES];
	const char *colon;

	if (!bridge->ended_ns)
		bridge->ended_ns = clock_now_ns();
	exited = bridge_reap(bridge, EXIT_NS);
	bridge_drain(bridge);
	bridge_keep_line(bridge);
	(void)text_clean(last, sizeof(last), bridge->tail);
	colon = *last ? ": " : "";
	if (!exited)
		return err_set(err, ERR_LEFT, "%.60s closed its %s%s%s", bridge->name,
			       bridge->deaf ? "stdin" : "stdout", colon, last);
	kind = bridge_ending(bridge->status);
	if (WIFSIGNALED(bridge->status))
		return err_set(err, kind, "%.60s was killed by signal %d (%s)%s%s", bridge->name,
			       WTERMSIG(bridge->status), strsignal(WTERMSIG(bridge->status)),
			       colon, last);
	return err_set(err, kind, "%.60s exited with status %d%s%s", bridge->name,
		       WEXITSTATUS(bridge->status), colon, last);
}

int bridge_rest(struct bridge *bridge, uint64_t until_ns, struct err *err)
{
	struct pollfd polled[] = {
		{.fd = bridge->wake_fd, .events = POLLIN},
		{.fd = bridge->pid_fd, .events = POLLIN},
	};
	uint64_t now_ns = clock_now_ns();

	while (now_ns < until_ns && until_ns - now_ns >= MS_NS) {
		uint64_t left_ms = (until_ns - now_ns) / MS_NS;

		(void)poll(polled, 2, left_ms < REST_MS ? (int)left_ms : REST_MS);
		bridge_drain(bridge);
		if (polled[1].revents)
			return bridge_explain(bridge, err);
		if (polled[0].revents)
			return 0;
		now_ns = bridge->watched_ns = clock_now_ns();
	}
	return 0;
}

int bridge_check(struct bridge *bridge, struct err *err)
{
	/* A reaped one has been told of, or was asked to end. */
	if (!bridge->pid || !bridge_reap(bridge, 0))
		return 0;
	bridge->ended_ns = bridge->watched_ns;
	return bridge_explain(bridge, err);
}

/* The next bytes of its stdout. 1; 0 if woken; -1. */
static int bridge_receive(struct bridge *bridge, struct err *err)
{
	struct pollfd polled[] = {
		{.fd = bridge->wake_fd, .events = POLLIN},
		{.fd = bridge->from_fd, .events = POLLIN},
		{.fd = bridge->error_fd, .events = POLLIN},
		{.fd = bridge->pid_fd, .events = POLLIN},
	};
	size_t room;
	char *space;
	ssize_t got;
	int ready;

	ready = poll(polled, 4, bridge->deaf ? (int)(EXIT_NS / MS_NS) : -1);
	if (ready < 0)
		return errno == EINTR ? 1 : err_system(err, "waiting for %.60s", bridge->name);
	if (ready == 0)
		return bridge_explain(bridge, err);
	bridge->watched_ns = clock_now_ns();
	if (polled[2].revents)
		bridge_drain(bridge);
	if (polled[0].revents)
		return 0;
	/* Its own children may hold its stdout open: its end is what counts. */
	if (!polled[1].revents)
		return polled[3].revents ? bridge_explain(bridge, err) : 1;
	space = pair_lines_space(&bridge->lines, &room);
	got = read(bridge->from_fd, space, room);
	if (got <= 0)
		return bridge_explain(bridge, err);
	bridge->lines.used += (size_t)got;
	return 1;
}

bool bridge_has_words(const struct bridge *bridge)
{
	struct pollfd polled = {.fd = bridge->from_fd, .events = POLLIN};

	return bridge->lines.used || (poll(&polled, 1, 0) > 0 && polled.revents & POLLIN);
}

int bridge_hear(struct bridge *bridge, struct pair_line *line, struct err *err)
{
	for (;;) {
		int status = pair_lines_take(&bridge->lines, line, err);

		if (status < 0)
			return err_wrap(err, bridge->name);
		if (status > 0 && line->verb == PAIR_ERROR)
			return err_set(err, ERR_PROTOCOL, "%.60s: %.300s", bridge->name,
				       *line->text ? line->text : "error");
		if (status > 0)
			return 1;
		status = bridge_receive(bridge, err);
		if (status <= 0)
			return status;
	}
}

/* Throws away what it still has to say, so that it is not held up by it. */
static void bridge_ignore(struct bridge *bridge)
{
	char text[4096];
	struct pollfd polled[] = {
		{.fd = bridge->pid_fd, .events = POLLIN},
		{.fd = bridge->from_fd, .events = POLLIN},
		{.fd = bridge->error_fd, .events = POLLIN},
	};

	(void)poll(polled, 3, 100);
	if (polled[1].revents && read(bridge->from_fd, text, sizeof(text)) <= 0)
		io_close(&bridge->from_fd);
	bridge_drain(bridge);
}

int bridge_stop(struct bridge *bridge, struct err *err)
{
	uint64_t deadline_ns = clock_now_ns() + BRIDGE_GRACE_NS;

	if (bridge_check(bridge, err) != 0)
		return -1;
	(void)bridge_say(bridge, "stop\n", NULL);
	io_close(&bridge->to_fd);
	while (!bridge_reap(bridge, 0)) {
		if (clock_now_ns() > deadline_ns)
			return err_set(err, ERR_TIMEOUT,
				       "%.60s had not ended %.3g s after it was told to stop",
				       bridge->name, (double)BRIDGE_GRACE_NS / 1e9);
		bridge_ignore(bridge);
	}
	return 0;
}

void bridge_end(struct bridge *bridge)
{
	if (!bridge->name)
		return;
	if (bridge->pid) {
		(void)kill(bridge->pid, SIGKILL);
		(void)bridge_reap(bridge, EXIT_NS);
	}
	bridge_drain(bridge);
	io_close(&bridge->pid_fd);
	io_close(&bridge->to_fd);
	io_close(&bridge->from_fd);
	io_close(&bridge->error_fd);
	io_close(&bridge->wake_fd);
	*bridge = (struct bridge){0};
}
