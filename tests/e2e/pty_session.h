/* SPDX-License-Identifier: MIT */
/*
 * The real program on a pseudo-terminal, under a little shell with job control. It is waited for
 * by the title that it sets after each frame, never by time; an alarm ends a test that hangs.
 * IPCTOP names the program.
 */
#ifndef TESTS_E2E_PTY_SESSION_H
#define TESTS_E2E_PTY_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "tests/e2e/pty_screen.h"
#include "tests/support/test.h"

/* For what must come; only a hang takes as long. */
#define WAIT_MS (60000 * (int)test_slowness())

/* What the little shell around the program reports. */
struct report {
	enum report_kind { REPORT_STARTED, REPORT_STOPPED, REPORT_ENDED, REPORT_ALL_GONE } kind;
	int pid, status;
};

/* The one session of a test program. */
extern struct session {
	int master, slave;  /* of the terminal; -1 once a test has closed them */
	pid_t pid;          /* of the program */
	char directory[64]; /* where it runs and keeps its files */
	bool plain;         /* of struct start */
	struct termios modes_before;
	unsigned long sent; /* keys */
	int reports;        /* from the shell */
	int orders;         /* to it: any byte is fg */
	pid_t shell;
} session;

struct start {
	const char *const *arguments;
	const char *term;
	const char *locale;
	const char *extra; /* one more variable, or another value of one */
	const char *keys;  /* of keys.conf */
	const char *pairs; /* of pairs.json */
	int columns, rows;
	bool crashes; /* sanitizers leave that to the program */
	bool tells;   /* on the terminal what it says on stderr; else it goes to a file */
	bool plain;   /* check_grid does not look at colours: not all, or not the dark theme's */
};

/* Sets up the terminal and starts the program in it. */
void session_start(const struct start *how);
/* Ends whatever is left of a session, whether or not the test got to its end. */
void session_finish(void);
/* A test is over in so long, or hangs: called before each. */
void session_allow_time(void);

/* Takes in what there is on the terminal; waits at most so long. False if nothing came. */
bool session_pump(int wait_ms);
/* The shell's next report; takes in what comes meanwhile. */
bool session_report(struct report *one);
/* Without taking in: until the program has ended. Its wait status, or -1. */
int session_ended(void);
/* The shell's fg. */
bool session_continue(void);
/* The terminal goes away. */
void session_hang_up(void);

/* One key: its bytes, and one more input to wait for. Or several, a byte each. */
void key(const char *bytes);
void keys(const char *letters);
void resize(int columns, int rows);

/* Until a frame has been drawn that knows of every key so far; of that size. */
bool settle(void);
bool settle_size(int columns, int rows);
bool wait_frames(unsigned long more);
/* Until a frame has the words, or, of a program without frames, anything that it wrote. */
bool wait_for(const char *text);
bool wait_line(const char *text);

/* Runs the tests of the table as test_main does, each in a session that ends with it. */
int session_main(const struct test *tests, size_t count, int argc, char **argv);

#define SESSION_MAIN(table) \
	int main(int argc, char **argv) \
	{ \
		return session_main(table, sizeof(table) / sizeof((table)[0]), argc, argv); \
	}

#endif
