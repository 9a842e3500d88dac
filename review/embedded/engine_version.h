// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace review::embedded {

/// Changes with every change of the expert's sources and cards: what another version said is not its answer.
const char *engineVersion();

} // namespace review::embedded
