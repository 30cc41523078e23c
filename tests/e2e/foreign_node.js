// SPDX-License-Identifier: MIT
// Node's ends, as people write them who never saw ipctop's code.
//   foreign_node.js serve SHAPE FILE...           serves the files in turn, prints "ready ADDRESS"
//   foreign_node.js TRANSPORT URL COUNT FOLDER    fetches so many arrays into FOLDER/0 and on
"use strict";
const fs = require("fs");
const http = require("http");
const WebSocket = require("ws");

const SEGMENTS = "/dev/shm/";
let segments = 0;

// Node knows no shared memory, but on Linux it is files.
function inSegment(data) {
	const name = `node-${process.pid}-${segments++}`;
	fs.writeFileSync(SEGMENTS + name, data, {mode: 0o600});
	return name;
}

function fromSegment(name) {
	const data = fs.readFileSync(SEGMENTS + name);
	fs.unlinkSync(SEGMENTS + name);
	return data;
}

function toList(numbers, shape) {
	if (shape.length === 1)
		return Array.from(numbers);
	const step = numbers.length / shape[0];
	return Array.from({length: shape[0]},
		(_, i) => toList(numbers.subarray(i * step, (i + 1) * step), shape.slice(1)));
}

function numbersOf(data) {
	return new Float64Array(data.buffer, data.byteOffset, data.length / 8);
}

function fromList(text) {
	return Buffer.from(new Float64Array(JSON.parse(text).flat(Infinity)).buffer);
}

function serve(shape, files) {
	const extents = shape.split("x").map(Number);
	const arrays = files.map((file) => fs.readFileSync(file));
	let turn = 0;
	const next = () => arrays[turn++ % arrays.length];
	const bodies = {
		"/random_tolist": () => JSON.stringify(toList(numbersOf(next()), extents)),
		"/random_tobytes": () => next().toString("base64"),
		"/random_sharedmemory": () => inSegment(next()),
		"/bytes": next,
	};
	// Any method is answered alike, which is how a handler of one line does it.
	const server = http.createServer((request, reply) => reply.end(bodies[request.url]()));

	new WebSocket.Server({server}).on("connection", (socket, request) => {
		socket.on("message", () => {
			if (request.url === "/ws/random_sharedmemory") {
				socket.send(inSegment(next()));
				return;
			}
			const data = next();
			const middle = Math.floor(data.length / 3);
			socket.ping();
			socket.send(data.subarray(0, middle), {fin: false});
			socket.send(data.subarray(middle), {fin: true});
		});
	});
	server.listen(0, "127.0.0.1",
		() => console.log(`ready http://127.0.0.1:${server.address().port}`));
}

async function fetched(url) {
	const reply = await fetch(url);
	if (reply.status !== 200)
		throw new Error(`status ${reply.status}`);
	// A page of another origin may read it only if this says so.
	if (reply.headers.get("access-control-allow-origin") !== "*")
		throw new Error("no Access-Control-Allow-Origin");
	return Buffer.from(await reply.arrayBuffer());
}

async function fetchAll(url, count, take, decode) {
	for (let i = 0; i < count; i++) {
		take(i, decode(await fetched(url)));
		// Its connection is free for the next only after this turn.
		await new Promise(setImmediate);
	}
}

function askAll(url, count, take, decode) {
	return new Promise((resolve, reject) => {
		const socket = new WebSocket(url, {maxPayload: 0});
		let got = 0;
		const ask = () => {
			// An empty message in two fragments, and a ping between them.
			socket.send("", {fin: false});
			socket.ping();
			socket.send("", {fin: true});
		};
		socket.on("open", ask);
		socket.on("error", reject);
		socket.on("message", (data, binary) => {
			take(got++, decode(data, binary));
			if (got < count)
				ask();
			else
				socket.close(1000, "enough");
		});
		socket.on("close", (code) => code === 1000 ? resolve() : reject(new Error(`close ${code}`)));
	});
}

function wanted(binary, want, data) {
	if (binary !== want)
		throw new Error(binary ? "a binary message" : "a text message");
	return data;
}

const clients = {
	"http+json": (url, count, take) =>
		fetchAll(url + "/random_tolist", count, take, (body) => fromList(body.toString())),
	"http+base64": (url, count, take) =>
		fetchAll(url + "/random_tobytes", count, take,
			(body) => Buffer.from(body.toString(), "base64")),
	"http+shm": (url, count, take) =>
		fetchAll(url + "/random_sharedmemory", count, take,
			(body) => fromSegment(body.toString())),
	"http+bytes": (url, count, take) => fetchAll(url + "/bytes", count, take, (body) => body),
	"ws+bytes": (url, count, take) =>
		askAll(url + "/ws/random_tobytes", count, take,
			(data, binary) => wanted(binary, true, data)),
	"ws+shm": (url, count, take) =>
		askAll(url + "/ws/random_sharedmemory", count, take,
			(data, binary) => fromSegment(wanted(binary, false, data).toString())),
};
clients["lws+bytes"] = clients["ws+bytes"];

const [what, ...rest] = process.argv.slice(2);
if (what === "serve") {
	serve(rest[0], rest.slice(1));
} else {
	const [url, count, folder] = rest;
	clients[what](url, Number(count), (i, data) => fs.writeFileSync(`${folder}/${i}`, data))
		.catch((problem) => {
			console.log(String(problem));
			process.exit(1);
		});
}
