// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tree-sitter's runtime, as it is but for two things that take a tenth of a parse: its counts of references
// take care of other threads, and its lexer goes on byte by byte.

// Stands in for the runtime's own "atomic.h": a tree of ours is made, read and dropped by one thread.
#define TREE_SITTER_ATOMIC_H_
#include <stddef.h>
#include <stdint.h>

static inline size_t atomic_load(const volatile size_t *value)
{
    return *value;
}

static inline uint32_t atomic_inc(volatile uint32_t *count)
{
    return ++*count;
}

static inline uint32_t atomic_dec(volatile uint32_t *count)
{
    return --*count;
}

#include <tree-sitter/lib/src/lib.c>

#include "review/rust/tree_sitter_runtime.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

/// What ts_lexer__advance does, at once where there is nothing but ASCII in the text's one chunk. A grammar
/// skips all white space before a token or none, so that what is skipped is skipped up to its last byte.
static void advance_quickly(TSLexer *data, bool skip)
{
    Lexer *self = (Lexer *)data;
    const char *chunk = self->chunk;
    uint32_t at = self->current_position.bytes - self->chunk_start;
    if (!chunk || self->lookahead_size != 1 || self->chunk_size - at < 2 || (int8_t)chunk[at + 1] < 0) {
        ts_lexer__advance(data, skip);
        return;
    }
    TSPoint *point = &self->current_position.extent;
    const uint32_t begin = at;
    do {
        if (chunk[at] == '\n') {
            ++point->row;
            point->column = 0;
            ts_lexer__set_column_data(self, 0);
        } else {
            ++point->column;
            ts_lexer__increment_column_data(self);
        }
        ++at;
    } while (skip && is_space(chunk[at]) && self->chunk_size - at >= 2 && (int8_t)chunk[at + 1] >= 0);
    self->current_position.bytes += at - begin;
    data->lookahead = chunk[at];
    if (skip)
        self->token_start_position = self->current_position;
}

void ferriscope_lex_quickly(TSParser *parser)
{
    parser->lexer.data.advance = advance_quickly;
}
