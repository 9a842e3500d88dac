// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/parse_memory.h"

#include <QtTest>

#include <algorithm>
#include <cstdint>
#include <random>
#include <set>
#include <utility>
#include <vector>

using review::rust::ParseMemory;

namespace {

struct Block {
    unsigned char *bytes = nullptr;
    std::size_t size = 0;
    unsigned char fill = 0;

    void write() { std::fill_n(bytes, size, fill); }
    bool isWhole() const
    {
        return std::all_of(bytes, bytes + size, [this](unsigned char byte) { return byte == fill; });
    }
};

} // namespace

class ParseMemoryTest : public QObject {
    Q_OBJECT

private slots:
    /// Blocks of all sizes, taken, grown and given back in any order, keep what was written to them.
    void blocksDoNotMeet()
    {
        constexpr unsigned seed = 20261123;
        std::mt19937 random(seed);
        ParseMemory memory;
        std::vector<Block> blocks;
        for (int step = 0; step < 60'000; ++step) {
            const std::size_t size = random() % 8 ? random() % 700 : random() % 300'000;
            const unsigned action = random() % 5;
            if (blocks.empty() || action < 2) {
                blocks.push_back({static_cast<unsigned char *>(memory.take(size)), size,
                                  static_cast<unsigned char>(random())});
                blocks.back().write();
                QVERIFY2(reinterpret_cast<std::uintptr_t>(blocks.back().bytes) % 8 == 0,
                         qPrintable(QString::number(seed)));
                continue;
            }
            Block &chosen = blocks[random() % blocks.size()];
            QVERIFY2(chosen.isWhole(), qPrintable(QString::number(seed)));
            if (action == 2) {
                chosen.bytes = static_cast<unsigned char *>(memory.grow(chosen.bytes, size));
                chosen.size = std::min(chosen.size, size);
                QVERIFY2(chosen.isWhole(), qPrintable(QString::number(seed)));
                chosen.size = size;
                chosen.write();
            } else {
                memory.giveBack(chosen.bytes);
                std::swap(chosen, blocks.back());
                blocks.pop_back();
            }
        }
        for (const Block &block : blocks)
            QVERIFY(block.isWhole());
    }

    /// What a parse gives back it can have again: a hostile file can't make it grow by asking and giving
    /// back.
    void whatIsGivenBackIsUsedAgain()
    {
        ParseMemory memory;
        std::set<void *> seen;
        for (int i = 0; i < 10'000; ++i) {
            void *block = memory.take(400);
            seen.insert(block);
            memory.giveBack(block);
        }
        QCOMPARE(seen.size(), std::size_t(1));
    }

    void nullIsTakenAsByTheStandardFunctions()
    {
        ParseMemory memory;
        memory.giveBack(nullptr);
        QVERIFY(memory.grow(nullptr, 0));
        QVERIFY(memory.take(0) != memory.take(0));
    }
};

QTEST_GUILESS_MAIN(ParseMemoryTest)
#include "parse_memory_test.moc"
