// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/in_order.h"

#include <QTest>

#include <stdexcept>
#include <thread>
#include <vector>

class InOrderTest : public QObject {
    Q_OBJECT

private slots:
    void handsOnResultsInOrderOnTheCallersThread()
    {
        std::vector<std::size_t> taken;
        const std::thread::id caller = std::this_thread::get_id();
        bool here = true;
        git::workInOrder(
            1000, [](std::size_t i) { return i * i; },
            [&](std::size_t i, std::size_t square) {
                here &= std::this_thread::get_id() == caller && square == i * i;
                taken.push_back(i);
            });
        QVERIFY(here);
        QCOMPARE(taken.size(), std::size_t(1000));
        for (std::size_t i = 0; i < taken.size(); ++i)
            QCOMPARE(taken[i], i);
    }

    void nothingToDoCallsNothing()
    {
        bool called = false;
        git::workInOrder(
            0, [](std::size_t i) { return i; }, [&](std::size_t, std::size_t) { called = true; });
        QVERIFY(!called);
    }

    void whatFailsIsThrownToTheCaller()
    {
        std::size_t taken = 0;
        const auto run = [&] {
            git::workInOrder(
                100,
                [](std::size_t i) {
                    if (i == 40)
                        throw std::runtime_error("forty");
                    return i;
                },
                [&](std::size_t, std::size_t) { ++taken; });
        };
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, run());
        QVERIFY(taken <= 40);
    }
};

QTEST_GUILESS_MAIN(InOrderTest)
#include "in_order_test.moc"
