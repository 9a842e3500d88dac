// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/expert.h"

namespace review {

std::vector<std::string> expertNames()
{
    return {"embedded"};
}

std::unique_ptr<Expert> makeExpert(const std::string &name)
{
    return name == "embedded" ? makeEmbeddedExpert() : nullptr;
}

} // namespace review
