// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/rust/types.h"

#include <algorithm>
#include <array>

namespace review::rust {
namespace {

constexpr std::array<std::string_view, 14> transparent{
    "&",        "&mut",     "Box",  "Rc",       "Arc",      "Pin", "CachePadded",
    "OnceLock", "OnceCell", "Lazy", "LazyLock", "LazyCell", "Cow", "ManuallyDrop"};

constexpr std::array<std::string_view, 8> lockNames{
    "Mutex", "RwLock", "RefCell", "ReentrantMutex", "FairMutex", "RawRwLock", "ReentrantLock", "BiLock"};

struct FamilyPath {
    std::string_view prefix;
    LockFamily family;
};
constexpr std::array<FamilyPath, 19> families{{
    {"std::sync::", LockFamily::Std},
    {"core::sync::", LockFamily::Std},
    {"loom::sync::", LockFamily::Std},
    {"crate::loom::sync::", LockFamily::Std},
    {"tracing_mutex::stdsync::", LockFamily::Std},
    {"std::cell::", LockFamily::RefCell},
    {"core::cell::", LockFamily::RefCell},
    {"parking_lot::", LockFamily::ParkingLot},
    {"lock_api::", LockFamily::ParkingLot},
    {"tokio::sync::", LockFamily::Tokio},
    {"futures::lock::", LockFamily::FuturesLock},
    {"futures_util::lock::", LockFamily::FuturesLock},
    {"futures_locks::", LockFamily::FuturesLock},
    {"async_lock::", LockFamily::AsyncLock},
    {"async_std::sync::", LockFamily::AsyncLock},
    {"smol::lock::", LockFamily::AsyncLock},
    {"spin::", LockFamily::Spin},
    {"spinning_top::", LockFamily::Spin},
    {"loom::cell::", LockFamily::RefCell},
}};

} // namespace

std::string_view Type::name() const
{
    const std::size_t colon = path.rfind(':');
    return std::string_view(path).substr(colon == std::string::npos ? 0 : colon + 1);
}

const Type &Type::peeled() const
{
    const Type *type = this;
    while (type->args.size() >= 1 &&
           std::find(transparent.begin(), transparent.end(), type->name()) != transparent.end())
        type = &type->args.front();
    return *type;
}

LockFamily lockFamily(const Type &type)
{
    const Type &lock = type.peeled();
    if (std::find(lockNames.begin(), lockNames.end(), lock.name()) == lockNames.end())
        return LockFamily::None;
    for (const FamilyPath &family : families) {
        if (lock.path.starts_with(family.prefix))
            return family.family;
    }
    return lock.name() == "RefCell" ? LockFamily::RefCell : LockFamily::Unknown;
}

bool isAsyncLock(LockFamily family)
{
    return family == LockFamily::Tokio || family == LockFamily::FuturesLock ||
           family == LockFamily::AsyncLock;
}

const char *toText(LockFamily family)
{
    switch (family) {
    case LockFamily::None:
        return "no lock";
    case LockFamily::Unknown:
        return "an unknown lock";
    case LockFamily::Std:
        return "std::sync";
    case LockFamily::ParkingLot:
        return "parking_lot";
    case LockFamily::Tokio:
        return "tokio::sync";
    case LockFamily::FuturesLock:
        return "futures::lock";
    case LockFamily::AsyncLock:
        return "async_lock";
    case LockFamily::Spin:
        return "spin";
    case LockFamily::RefCell:
        return "std::cell";
    }
    return "";
}

} // namespace review::rust
