/* SPDX-License-Identifier: MIT */
/* The use cases that a frame starts, one function a frame type. */
#ifndef TB_APP_FRAMES_H
#define TB_APP_FRAMES_H

#include "app/app.h"

void visitor_hello(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_message(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_typing(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_read(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_page(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_history(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_rate(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_solved(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_helped(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_page_opened(struct app *app, struct client *client, const struct frame_in *frame);
void visitor_close(struct app *app, struct client *client, const struct frame_in *frame);

void agent_hello(struct app *app, struct client *client, const struct frame_in *frame);
void agent_command(struct app *app, struct client *client, const struct frame_in *frame);
void agent_transfer(struct app *app, struct client *client, const struct frame_in *frame);
void agent_typing(struct app *app, struct client *client, const struct frame_in *frame);
void agent_read(struct app *app, struct client *client, const struct frame_in *frame);
void agent_history(struct app *app, struct client *client, const struct frame_in *frame);
void agent_watch(struct app *app, struct client *client, const struct frame_in *frame);

/* Nothing to do: a frame that only shows that the peer lives. */
void frame_pong(struct app *app, struct client *client, const struct frame_in *frame);

#endif
