// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

namespace models {

/// What the window remembers, in `window.ini` of the settings folder; and the folder of its own data. Nothing
/// of it is secret.
class Settings {
public:
    /// Empty folders mean the user's own: `$XDG_CONFIG_HOME/ferriscope` and `$XDG_DATA_HOME/ferriscope`.
    explicit Settings(const QString &configFolder = {}, const QString &dataFolder = {});

    QByteArray value(const QString &key) const { return m_file.value(key).toByteArray(); }
    void setValue(const QString &key, const QByteArray &value) { m_file.setValue(key, value); }

    /// Paths opened lately, latest first, at most twelve.
    QStringList recent() const;
    void addRecent(const QString &path);
    void removeRecent(const QString &path);

    const QString &configFolder() const { return m_configFolder; }
    QString sessionsFolder() const; ///< where reviews are saved while they run
    QString sampleFolder() const;   ///< where the sample repository is made
    QStringList ownFolders() const; ///< of the program's data and of its cache

private:
    QString m_configFolder;
    QString m_dataFolder;
    QSettings m_file;
};

} // namespace models
