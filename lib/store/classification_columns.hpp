#pragma once

#include "db/transaction.hpp"
#include "store/classifications.hpp"

namespace jvmm::store {

enum class Access { read, read_and_write };

/// **Throws** configuration (a column that classification reads or writes is missing), bad_answer (one of another
/// type), refused (may not be written): what is wrong, and how to mend it.
void require_classification_columns(db::ReadTx& tx, Access access);

/// The same of what extracting credentials reads and writes.
void require_credential_columns(db::ReadTx& tx, Access access);

}  // namespace jvmm::store
