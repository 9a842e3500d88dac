// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

namespace tests {

/// What a program that has ended left behind. `status` is -1 when it crashed or did not end in time.
struct Ended {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

/// Runs a program to its end, for at most a minute.
inline Ended run(const QString &program, const QStringList &arguments, const QString &folder = {},
                 const QByteArray &input = {})
{
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(program, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        process.kill();
    process.waitForFinished();
    const bool ended =
        process.exitStatus() == QProcess::NormalExit && process.error() == QProcess::UnknownError;
    return {ended ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace tests
