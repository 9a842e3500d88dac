// SPDX-License-Identifier: GPL-3.0-or-later
//
// Stands in for tree-sitter's own counts of references, which take care of other threads: here a tree is
// made, read and dropped by one thread.
#ifndef TREE_SITTER_ATOMIC_H_
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

#endif
