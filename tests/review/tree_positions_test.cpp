// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/tree.h"

#include <QtTest>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using review::rust::Node;
using review::rust::Tree;

class TreePositionsTest : public QObject {
    Q_OBJECT

private slots:
    /// Names stand where they were written, whatever white space, comments and letters are between them, and
    /// to the end of the text.
    void namesStandWhereTheyWereWritten()
    {
        constexpr unsigned seed = 5;
        std::mt19937 random(seed);
        const auto one = [&](const auto &all) { return std::string_view(all[random() % all.size()]); };
        constexpr std::array<std::string_view, 4> names{"a", "größe", "long_name_of_a_value", "変数"};
        constexpr std::array<std::string_view, 8> gaps{" ",    "\n",       "\r\n",     "\t",
                                                       "    ", "// é ö\n", "/* 変 */", "// a\r\n"};
        for (int round = 0; round < 300; ++round) {
            std::string text = "fn f() {";
            std::vector<git::ByteRange> written;
            const auto gap = [&] {
                for (unsigned left = random() % 6; left > 0; --left)
                    text += one(gaps);
            };
            for (unsigned left = random() % 12; left > 0; --left) {
                gap();
                const auto begin = static_cast<std::uint32_t>(text.size());
                text += one(names);
                written.push_back({begin, static_cast<std::uint32_t>(text.size())});
                gap();
                text += ';';
            }
            gap();
            text += '}';
            gap();

            const auto tree = Tree::parse(text);
            QVERIFY(tree);
            std::vector<git::ByteRange> found;
            for (const Node &node : (*tree)->root().descendants("identifier")) {
                if (node.parent().is("expression_statement"))
                    found.push_back(node.bytes());
            }
            QVERIFY2(!(*tree)->root().hasError() && found == written,
                     qPrintable(QStringLiteral("seed %1, round %2").arg(seed).arg(round)));
        }
    }
};

QTEST_GUILESS_MAIN(TreePositionsTest)
#include "tree_positions_test.moc"
