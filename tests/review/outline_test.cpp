// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/outline.h"

#include <QTest>

class OutlineTest : public QObject {
    Q_OBJECT

private slots:
    void namesTheItemsAroundALine()
    {
        const auto outline = review::makeOutline("use std::fmt;\n"                 // 0
                                                 "struct Store {\n"                // 1
                                                 "    size: u64,\n"                // 2
                                                 "}\n"                             // 3
                                                 "\n"                              // 4
                                                 "impl fmt::Display for Store {\n" // 5
                                                 "    fn fmt(&self) {\n"           // 6
                                                 "        fn inner() {\n"          // 7
                                                 "        }\n"                     // 8
                                                 "        write();\n"              // 9
                                                 "    }\n"                         // 10
                                                 "}\n"                             // 11
                                                 "mod wire {\n"                    // 12
                                                 "    enum Kind { A }\n"           // 13
                                                 "    trait T { fn f(); }\n"       // 14
                                                 "}\n");                           // 15
        const auto at = [&](std::uint32_t line) {
            return QString::fromStdString(review::itemAt(outline, line));
        };
        QCOMPARE(at(0), QString());
        QCOMPARE(at(2), QStringLiteral("struct Store"));
        QCOMPARE(at(4), QString());
        QCOMPARE(at(5), QStringLiteral("impl fmt::Display for Store"));
        QCOMPARE(at(7), QStringLiteral("impl fmt::Display for Store › fn fmt › fn inner"));
        QCOMPARE(at(9), QStringLiteral("impl fmt::Display for Store › fn fmt"));
        QCOMPARE(at(11), QStringLiteral("impl fmt::Display for Store"));
        QCOMPARE(at(13), QStringLiteral("mod wire › enum Kind"));
        QCOMPARE(at(14), QStringLiteral("mod wire › trait T › fn f"));
        QCOMPARE(at(99), QString());
    }

    void isEmptyWhereNothingCanBeParsed()
    {
        QVERIFY(review::makeOutline("").empty());
        QVERIFY(review::makeOutline(std::string(5000, '(')).empty());
        QCOMPARE(review::itemAt({}, 3), std::string());
        // A text with errors still has its sound items.
        QVERIFY(!review::makeOutline("fn a() {}\n)(\n").empty());
    }
};

QTEST_GUILESS_MAIN(OutlineTest)
#include "outline_test.moc"
