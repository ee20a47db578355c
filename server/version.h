/* SPDX-License-Identifier: MIT */
#ifndef TB_VERSION_H
#define TB_VERSION_H

#define TIERBELL_VERSION "0.1.0"

#endif
