/* SPDX-License-Identifier: MIT */
/* The challenge of Python's multiprocessing.connection, over OpenSSL's HMAC. */
#include "transports/carriers/mp/mp_auth.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "transports/net/io.h"
#include "transports/unused.h"

#define CHALLENGE "#CHALLENGE#"
#define WELCOME "#WELCOME#"
#define OUR_DIGEST "{sha256}"
#define RANDOM_BYTES 40     /* as Python 3.12 draws */
#define OLD_RANDOM_BYTES 20 /* Python up to 3.11 */
#define OLD_ANSWER_BYTES 16

/* The digests that Python allows, by the prefix of a message that names one. */
static const struct auth_digest {
	const char *prefix;
	const EVP_MD *(*digest)(void);
} auth_digests[] = {
	{"{sha256}", EVP_sha256},     {"{md5}", EVP_md5},
	{"{sha384}", EVP_sha384},     {"{sha3_256}", EVP_sha3_256},
	{"{sha3_384}", EVP_sha3_384},
};

/* An old message names none. Like Python, we know it by its length. */
static const struct auth_digest auth_old = {"", EVP_md5};

static const struct auth_digest *auth_digest_of(const unsigned char *data, size_t bytes)
{
	if (bytes == OLD_RANDOM_BYTES || bytes == OLD_ANSWER_BYTES)
		return &auth_old;
	for (size_t i = 0; i < sizeof(auth_digests) / sizeof(auth_digests[0]); i++) {
		size_t prefix = strlen(auth_digests[i].prefix);

		if (bytes > prefix && memcmp(data, auth_digests[i].prefix, prefix) == 0)
			return &auth_digests[i];
	}
	return NULL;
}

/* HMAC would start the library too, but dereferences NULL if there is no memory for that. */
static int auth_start(struct err *err)
{
	if (OPENSSL_init_crypto(0, NULL) && OSSL_LIB_CTX_get0_global_default())
		return 0;
	return err_set(err, ERR_MEMORY, "no memory for OpenSSL");
}

/* The digest's prefix and the HMAC over all that follows "#CHALLENGE#". */
static int auth_respond(const struct auth_digest *digest, const char *key,
			const struct mp_auth_message *challenge, struct mp_auth_message *answer,
			struct err *err)
{
	size_t head = strlen(CHALLENGE);
	size_t prefix = strlen(digest->prefix);
	unsigned bytes = 0;

	if (auth_start(err) != 0)
		return -1;
	memcpy(answer->data, digest->prefix, prefix);
	if (!HMAC(digest->digest(), key, (int)strlen(key), challenge->data + head,
		  challenge->bytes - head, answer->data + prefix, &bytes))
		return err_set(err, ERR_UNSUPPORTED, "OpenSSL here cannot do the challenge's %s",
			       *digest->prefix ? digest->prefix : "{md5}");
	answer->bytes = prefix + bytes;
	return 0;
}

bool mp_auth_is_challenge(const void *data, size_t bytes)
{
	return bytes > strlen(CHALLENGE) && memcmp(data, CHALLENGE, strlen(CHALLENGE)) == 0;
}

int mp_auth_challenge(struct mp_auth_message *challenge, struct err *err)
{
	size_t head = strlen(CHALLENGE OUR_DIGEST);

	memcpy(challenge->data, CHALLENGE OUR_DIGEST, head);
	if (getrandom(challenge->data + head, RANDOM_BYTES, 0) != RANDOM_BYTES)
		return err_system(err, "drawing a challenge");
	challenge->bytes = head + RANDOM_BYTES;
	return 0;
}

int mp_auth_answer(const char *key, const struct mp_auth_message *challenge,
		   struct mp_auth_message *answer, struct err *err)
{
	size_t head = strlen(CHALLENGE);
	const struct auth_digest *digest;

	if (!mp_auth_is_challenge(challenge->data, challenge->bytes))
		return err_set(err, ERR_PROTOCOL,
			       "the other end did not challenge us: it uses no authkey");
	digest = auth_digest_of(challenge->data + head, challenge->bytes - head);
	if (!digest)
		return err_set(err, ERR_PROTOCOL,
			       "the other end's challenge is of an unknown kind");
	return auth_respond(digest, key, challenge, answer, err);
}

bool mp_auth_verify(const char *key, const struct mp_auth_message *challenge,
		    const struct mp_auth_message *answer)
{
	const struct auth_digest *digest = auth_digest_of(answer->data, answer->bytes);
	struct mp_auth_message right;

	if (!digest || auth_respond(digest, key, challenge, &right, NULL) != 0)
		return false;
	return answer->bytes == right.bytes &&
	       CRYPTO_memcmp(answer->data, right.data, right.bytes) == 0;
}

static int auth_send(int fd, const void *data, size_t bytes, struct err *err)
{
	uint32_t header = htonl((uint32_t)bytes);
	struct iovec vectors[] = {{&header, sizeof(header)}, {(void *)(uintptr_t)data, bytes}};

	return io_send((struct io_peer){.fd = fd}, vectors, 2, err);
}

bool mp_auth_is_text(uint32_t header)
{
	const unsigned char *bytes = (const unsigned char *)&header;

	for (size_t i = 0; i < sizeof(header); i++)
		if (!isprint(bytes[i]))
			return false;
	return true;
}

static int auth_receive(int fd, struct mp_auth_message *message, struct err *err)
{
	uint32_t header;

	if (io_receive((struct io_peer){.fd = fd}, &header, sizeof(header), err) != 0)
		return err_wrap(err, "in the authkey's challenge");
	message->bytes = ntohl(header);
	if (message->bytes > sizeof(message->data)) {
		(void)err_set(err, ERR_PROTOCOL,
			      "the other end did not challenge us: its message has %zu bytes",
			      message->bytes);
		if (!mp_auth_is_text(header))
			return -1;
		(void)err_add(err, "; it begins");
		return io_add_beginning(fd, &header, sizeof(header), err);
	}
	return io_receive((struct io_peer){.fd = fd}, message->data, message->bytes, err);
}

static const char *auth_find(const char *(*key)(void *, size_t), void *context,
			     const struct mp_auth_message *challenge,
			     const struct mp_auth_message *answer)
{
	const char *candidate;

	for (size_t i = 0; (candidate = key(context, i)); i++)
		if (mp_auth_verify(candidate, challenge, answer))
			return candidate;
	return NULL;
}

/* What is no digest at all, a client without a key has sent: its first request. */
static int auth_refuse(const struct mp_auth_message *answer, struct err *err)
{
	if (auth_digest_of(answer->data, answer->bytes))
		return err_set(err, ERR_PROTOCOL, "the other end has another authkey, or none");
	return err_set(err, ERR_PROTOCOL,
		       "the other end has another authkey, or none: it answered the challenge with "
		       "%zu bytes that are no digest", answer->bytes);
}

/* Challenges the other end. Returns the key that it has, or NULL with err filled. */
static const char *auth_deliver(int fd, const char *(*key)(void *, size_t), void *context,
				struct err *err)
{
	struct mp_auth_message challenge;
	struct mp_auth_message answer;
	const char *found;

	if (mp_auth_challenge(&challenge, err) != 0 ||
	    auth_send(fd, challenge.data, challenge.bytes, err) != 0 ||
	    auth_receive(fd, &answer, err) != 0)
		return NULL;
	found = auth_find(key, context, &challenge, &answer);
	if (!found) {
		(void)auth_send(fd, "#FAILURE#", 9, NULL); /* a courtesy before we hang up */
		(void)auth_refuse(&answer, err);
		return NULL;
	}
	return auth_send(fd, WELCOME, strlen(WELCOME), err) == 0 ? found : NULL;
}

static int auth_reply(int fd, const char *key, struct err *err)
{
	struct mp_auth_message challenge;
	struct mp_auth_message answer;
	struct mp_auth_message verdict;

	if (auth_receive(fd, &challenge, err) != 0 ||
	    mp_auth_answer(key, &challenge, &answer, err) != 0 ||
	    auth_send(fd, answer.data, answer.bytes, err) != 0 ||
	    auth_receive(fd, &verdict, err) != 0)
		return -1;
	if (verdict.bytes == strlen(WELCOME) && memcmp(verdict.data, WELCOME, verdict.bytes) == 0)
		return 0;
	return err_set(err, ERR_PROTOCOL, "the other end rejected our digest: the authkeys differ");
}

const char *mp_auth_serve(int fd, const char *(*key)(void *context, size_t index), void *context,
			  struct err *err)
{
	/* If OpenSSL did not start, no answer could be judged: it would pass for a wrong key. */
	const char *found = auth_start(err) == 0 ? auth_deliver(fd, key, context, err) : NULL;

	if (found && auth_reply(fd, found, err) != 0)
		found = NULL;
	/*
	 * Frees what OpenSSL keeps for this thread, which may still be ending when the
	 * process ends.
	 */
	OPENSSL_thread_stop();
	return found;
}

/* A client has one key. */
static const char *auth_only_key(void *context, size_t index)
{
	return index == 0 ? context : NULL;
}

int mp_auth_connect(int fd, const char *key, struct err *err)
{
	if (auth_reply(fd, key, err) != 0)
		return -1;
	return auth_deliver(fd, auth_only_key, (void *)(uintptr_t)key, err) ? 0 : -1;
}

void mp_auth_libraries(bool server UNUSED, char *text, size_t size)
{
	(void)snprintf(text, size, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
}
