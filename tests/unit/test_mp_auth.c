/* SPDX-License-Identifier: MIT */
/*
 * The challenge of multiprocessing.connection: answers computed by Python's
 * hmac module, and the dialogue over a socket pair.
 */
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/hex.h"
#include "tests/support/test.h"
#include "transports/carriers/mp/mp_auth.h"
#include "transports/net/io.h"

#define KEY "tok3n/0"

static const struct {
	const char *name;
	const char *challenge;
	const char *answer;
} known[] = {
	{"Python 3.11",
	 "234348414c4c454e474523c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadb",
	 "eabc65479f839aec3882b2f05b226641"},
	{"Python 3.12, sha256",
	 "234348414c4c454e4745237b7368613235367d000102030405060708090a0b0c0d0e0f10"
	 "1112131415161718191a1b1c1d1e1f2021222324252627",
	 "7b7368613235367d3bb1b202a88a82e47c6d29f058ffd84a4f3503ab9c69ec30f92d51c9"
	 "a8f50385"},
	{"Python 3.12, md5",
	 "234348414c4c454e4745237b6d64357d000102030405060708090a0b0c0d0e0f10111213"
	 "1415161718191a1b1c1d1e1f2021222324252627",
	 "7b6d64357df6d0ab386474fbd38e90d9d6956d45db"},
	{"Python 3.12, sha384",
	 "234348414c4c454e4745237b7368613338347d000102030405060708090a0b0c0d0e0f10"
	 "1112131415161718191a1b1c1d1e1f2021222324252627",
	 "7b7368613338347d8eaabe2c9672c9ee08053ee43ad2a4df0d72df970fe2e27109544bb4"
	 "88afde2b59bb0784d7799d3367f629296d9f31d3"},
	{"Python 3.12, sha3_256",
	 "234348414c4c454e4745237b736861335f3235367d000102030405060708090a0b0c0d0e"
	 "0f101112131415161718191a1b1c1d1e1f2021222324252627",
	 "7b736861335f3235367db40de3586f9aa1c7f2fbc3f7b6f628319faba4fed1abfcfac806"
	 "3a118932aa27"},
	{"Python 3.12, sha3_384",
	 "234348414c4c454e4745237b736861335f3338347d000102030405060708090a0b0c0d0e"
	 "0f101112131415161718191a1b1c1d1e1f2021222324252627",
	 "7b736861335f3338347d3cb006e22fcfd8941bde96084a0a5ef4871df0c9bdf5ae044e1a"
	 "33be3ac1f260cd3db2e3d29a2780fd52b8e661f68103"},
};

static bool says(const struct err *err, const char *text)
{
	return strcmp(err->message, text) == 0;
}

static struct mp_auth_message from_hex(const char *hex)
{
	struct mp_auth_message message;

	message.bytes = hex_read(hex, message.data);
	return message;
}

static void test_answers_known(void)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct mp_auth_message challenge = from_hex(known[i].challenge);
		struct mp_auth_message right = from_hex(known[i].answer);
		struct mp_auth_message answer;
		struct err err = {0};

		CHECK_MSG(mp_auth_answer(KEY, &challenge, &answer, &err) == 0, "%s: %.300s",
			  known[i].name, err.message);
		CHECK_MSG(answer.bytes == right.bytes, "%s: %zu", known[i].name, answer.bytes);
		CHECK_MSG(memcmp(answer.data, right.data, right.bytes) == 0, "%s", known[i].name);
		CHECK_MSG(mp_auth_verify(KEY, &challenge, &answer), "%s", known[i].name);
		CHECK_MSG(!mp_auth_verify("tok3n/1", &challenge, &answer), "%s", known[i].name);
	}
}

/* Python 3.11 answers a challenge of 3.12 as it answers its own. */
static void test_accepts_old_answer(void)
{
	struct mp_auth_message challenge = from_hex(known[1].challenge);
	struct mp_auth_message answer = from_hex(
		"167491c45573044108fa2a1d8eeba528");

	CHECK(mp_auth_verify(KEY, &challenge, &answer));
	challenge.data[challenge.bytes - 1] ^= 1;
	CHECK(!mp_auth_verify(KEY, &challenge, &answer));
}

static void test_rejects_altered(void)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct mp_auth_message challenge = from_hex(known[i].challenge);

		for (size_t j = 0; j < strlen(known[i].answer) / 2; j++) {
			struct mp_auth_message answer = from_hex(known[i].answer);

			answer.data[j] ^= 0x10;
			CHECK_MSG(!mp_auth_verify(KEY, &challenge, &answer), "%s %zu",
				  known[i].name, j);
			answer.data[j] ^= 0x10;
			answer.bytes = j;
			CHECK_MSG(!mp_auth_verify(KEY, &challenge, &answer), "%s %zu",
				  known[i].name, j);
		}
	}
}

static void test_refuses_no_challenge(void)
{
	static const char *const others[] = {
		"", "234348414c4c454e474523", "80049504000000000000008c00942e",
		"234348414c4c454e4745237b7368613531327d00000000000000000000000000000000",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct mp_auth_message message = from_hex(others[i]);
		struct mp_auth_message answer;
		struct err err = {0};

		CHECK_MSG(mp_auth_answer(KEY, &message, &answer, &err) != 0, "%zu", i);
		CHECK_MSG(err.kind == ERR_PROTOCOL, "%zu", i);
	}
}

static void test_challenges_differ(void)
{
	struct mp_auth_message a = {0};
	struct mp_auth_message b = {0};

	CHECK(mp_auth_challenge(&a, NULL) == 0 && mp_auth_challenge(&b, NULL) == 0);
	CHECK(mp_auth_is_challenge(a.data, a.bytes) && a.bytes == 59 && b.bytes == 59);
	CHECK(memcmp(a.data, "#CHALLENGE#{sha256}", 19) == 0);
	CHECK(memcmp(a.data + 19, b.data + 19, 40) != 0);
}

/* A server with these keys on one end of a socket pair, in a thread. */
struct peer {
	int fd;
	const char *const *keys;
	const char *found;
	struct err err;
};

static const char *peer_key(void *context, size_t index)
{
	return ((struct peer *)context)->keys[index];
}

static void *peer_serve(void *context)
{
	struct peer *peer = context;

	peer->found = mp_auth_serve(peer->fd, peer_key, peer, &peer->err);
	(void)close(peer->fd);
	return NULL;
}

/* Both ends: a client with the key, the server in peer. Returns the client's status. */
static int dialogue(struct peer *peer, const char *key, struct err *err)
{
	pthread_t thread;
	int fds[2];
	int status;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0)
		abort();
	peer->fd = fds[0];
	if (pthread_create(&thread, NULL, peer_serve, peer) != 0)
		abort();
	status = mp_auth_connect(fds[1], key, err);
	(void)close(fds[1]);
	(void)pthread_join(thread, NULL);
	return status;
}

static const char *const three_keys[] = {"a/0", "a/1", "a/2", NULL};

static void test_dialogue_finds_key(void)
{
	for (size_t i = 0; i < 3; i++) {
		struct peer peer = {.keys = three_keys};
		struct err err = {0};

		CHECK_MSG(dialogue(&peer, three_keys[i], &err) == 0, "%.300s", err.message);
		CHECK_MSG(peer.found == three_keys[i], "%.300s", peer.err.message);
	}
}

static void test_dialogue_rejects(void)
{
	struct peer peer = {.keys = three_keys};
	struct err err = {0};

	CHECK(dialogue(&peer, "a/3", &err) != 0);
	CHECK(says(&err, "the other end rejected our digest: the authkeys differ"));
	CHECK(!peer.found);
	CHECK(says(&peer.err, "the other end has another authkey, or none"));
}

static void put_message(int fd, const void *data, size_t bytes)
{
	unsigned char framed[4 + MP_AUTH_MESSAGE_MAX] = {0, 0, 0, (unsigned char)bytes};

	memcpy(framed + 4, data, bytes);
	if (write(fd, framed, 4 + bytes) != (ssize_t)(4 + bytes))
		abort();
}

/*
 * A server that speaks as Python 3.11 does, all of it beforehand: the client
 * says what it always says. An impostor: it welcomes the client with whatever
 * digest, and cannot answer the client's own challenge.
 */
static void test_client_checks_server(void)
{
	struct mp_auth_message challenge = from_hex(known[0].challenge);
	struct mp_auth_message answer = from_hex(known[0].answer);
	unsigned char got[4 + 16];
	struct err err = {0};
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	put_message(fds[0], challenge.data, challenge.bytes);
	put_message(fds[0], "#WELCOME#", 9);
	put_message(fds[0], "0123456789abcdef", 16);
	CHECK(mp_auth_connect(fds[1], KEY, &err) != 0);
	CHECK(says(&err, "the other end has another authkey, or none"));
	CHECK(io_receive((struct io_peer){.fd = fds[0]}, got, sizeof(got), NULL) == 0);
	CHECK(memcmp(got, "\0\0\0\x10", 4) == 0 && memcmp(got + 4, answer.data, 16) == 0);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

/* The server sent something long, or hung up. */
static void test_client_survives_strangers(void)
{
	struct err err = {0};
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	CHECK(write(fds[0], "HTTP/1.1 400 Bad Request", 24) == 24);
	CHECK(mp_auth_connect(fds[1], KEY, &err) != 0);
	CHECK_MSG(err.kind == ERR_PROTOCOL, "%.300s", err.message);
	err_clear(&err);
	(void)close(fds[0]);
	(void)close(fds[1]);
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	(void)close(fds[0]);
	CHECK(mp_auth_connect(fds[1], KEY, &err) != 0);
	CHECK_MSG(err.kind == ERR_CLOSED, "%.300s", err.message);
	(void)close(fds[1]);
}

static const struct test tests[] = {
	{"mp auth answers as Python does", test_answers_known},
	{"mp auth accepts an old answer to a new challenge", test_accepts_old_answer},
	{"mp auth rejects an altered answer", test_rejects_altered},
	{"mp auth refuses what is no challenge", test_refuses_no_challenge},
	{"mp auth draws another challenge each time", test_challenges_differ},
	{"mp auth finds out whose key it is", test_dialogue_finds_key},
	{"mp auth rejects an unknown key", test_dialogue_rejects},
	{"mp auth lets the client check the server", test_client_checks_server},
	{"mp auth survives strangers", test_client_survives_strangers},
};

TEST_MAIN(tests)
