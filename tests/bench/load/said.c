/* SPDX-License-Identifier: MIT */
#include "said.h"

#include <string.h>

#include "base/must.h"

/* An odd number of them: with two who speak in turn, each comes to say all. */
static const char *const sentences[] = {
	"Hi, I have a question about the pull request that we opened yesterday. ",
	"Sure, could you send me the link so that I can have a look? ",
	"It is the one with the new accordion on the benefits page, and the checks are green. ",
	"Thanks. I see that the review of your own team is there, and ours is missing. ",
	"Do I have to ask somebody for it, or is there a rotation that picks it up? ",
	"There is a rotation; somebody should come to it in the afternoon. ",
	"ok that works for us, we wanted to merge it on Thursday. ",
	"The review instance takes a while to build, about twenty minutes for me. ",
	"Did you try to start it again from the job page? ",
	"yes that worked thanks. ",
	"I read the guide for new teams, but I am not sure which form I need for access. ",
	"You need the one for developers, and your lead has to sign it. ",
	"Is there a way to see how far my request is? ",
	"Not by yourself, I can look it up for you. One moment please. ",
	"It was approved this morning, so you should get a mail within the hour. ",
	"great, I will wait for it and come back if nothing happens. ",
	"Where do I find the docs on how to add a new field to the form config? ",
	"They are under forms library, in the section on patterns. ",
	"I did that already but the test still says that the page title is missing. ",
	"Could you copy the output of the test here? ",
	"It says expected one heading and found none, in line 42 of the spec. ",
	"Then the heading comes from the page template, and you have to set it there. ",
	"Oh I see, we had removed that in our branch. Let me put it back. ",
	"no, still the same after a rebase. ",
	"Is it the same on your machine with the latest main? ",
	"My colleague has it running locally with node 14, mine is newer. ",
	"Please use the version in the nvmrc file, newer ones are not supported yet. ",
	"That was it! Sorry for the trouble, and thank you for your patience. ",
	"You are welcome. Is there anything else that I can help you with? ",
	"Not for today, have a nice day. ",
	"Same to you, I will close this chat then. ",
};

static size_t first_size(void)
{
	size_t size = 0;

	for (size_t i = 0; i < ARRAY_LEN(sentences); i++)
		size += strlen(sentences[i]);
	return size;
}

void said_init(struct said *said)
{
	size_t at = 0;

	MUST(first_size() <= SAID_MAX);
	for (size_t i = 0; at < sizeof(said->text); i++) {
		const char *sentence = sentences[i % ARRAY_LEN(sentences)];
		size_t len = strlen(sentence), room = sizeof(said->text) - at;

		memcpy(said->text + at, sentence, len < room ? len : room);
		at += len < room ? len : room;
	}
}

const char *said_at(const struct said *said, size_t i)
{
	size_t at = 0;

	for (size_t k = 0; k < i % ARRAY_LEN(sentences); k++)
		at += strlen(sentences[k]);
	return said->text + at;
}
