// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tree_sitter/api.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Has a parser of ours go through ASCII texts, each in one chunk, several times as quickly. The tokens stay
/// the same for a grammar that skips white space as a whole, as Rust's does.
void ferriscope_lex_quickly(TSParser *parser);

#ifdef __cplusplus
}
#endif
