// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "git/result.h"
#include "review/worker/worker_expert.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace review {

/// The experts that a user may choose from, by name: the built-in ones, and the programs that `experts.json`
/// in the user's own settings folder names. A reviewed repository can add none.
class ExpertList {
public:
    /// The built-in ones only.
    ExpertList() = default;
    /// Also those of the settings folder, where it has an `experts.json`. InvalidInput when that is not what
    /// README.md in this folder describes.
    static git::Result<ExpertList> read(const std::string &settingsFolder);

    std::vector<std::string> names() const; ///< the built-in ones first
    /// The program that speaks the protocol under this name; null for a built-in or unknown name.
    const WorkerProgram *program(const std::string &name) const;

private:
    std::map<std::string, WorkerProgram> m_programs;
};

} // namespace review
