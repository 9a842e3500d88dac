// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rules/grpc.h"

namespace review::rules {

bool connectsGeneratedClient(const rust::Call &call, const rust::File &file)
{
    if (call.isMethod())
        return false;
    const std::string path = file.resolveAt(call.path, call.node);
    return path.ends_with("Client::connect") && !path.ends_with("::Client::connect") &&
           path.find("_client::") != std::string::npos;
}

} // namespace review::rules
