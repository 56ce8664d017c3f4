#include "config/setting_table.hpp"

#include <array>

namespace jvmm::config {
namespace {

// The direct URL comes first: a transaction pooler in between costs time and takes session state away.
constexpr std::array<std::string_view, 2> k_database_env{"DIRECT_DATABASE_URL", "DATABASE_URL"};
constexpr std::array<std::string_view, 2> k_token_env{"HF_API_TOKEN", "HF_TOKEN"};
constexpr std::array<std::string_view, 1> k_endpoint_env{"HF_ENDPOINT"};

constexpr std::array k_settings{
    SettingSpec{.key = "database_url",
                .meaning = "connection string of the customer's database",
                .other_env = k_database_env,
                .secret = true},
    SettingSpec{.key = "statement_timeout",
                .type = Type::integer,
                .fallback = "60",
                .meaning = "seconds a single statement may take",
                .min = 1,
                .max = 86400},
    SettingSpec{.key = "connect_timeout",
                .type = Type::integer,
                .fallback = "10",
                .meaning = "seconds to wait for a connection",
                .min = 1,
                .max = 3600},
    SettingSpec{.key = "lease_seconds",
                .type = Type::integer,
                .fallback = "300",
                .meaning = "seconds after which a run that went silent on another machine may be replaced",
                .min = 5,
                .max = 86400},
    SettingSpec{.key = "batch_size",
                .type = Type::integer,
                .fallback = "100",
                .meaning = "rows computed and committed together",
                .min = 1,
                .max = 100000},
    SettingSpec{.key = "model", .fallback = "all-MiniLM-L6-v2", .meaning = "embedding model: a known name or a folder"},
    SettingSpec{.key = "models_dir", .meaning = "where models lie and are pulled to; empty: the installation's own"},
    SettingSpec{.key = "threads",
                .type = Type::integer,
                .fallback = "0",
                .meaning = "threads for local models; 0: the cores this process may use",
                .min = 0,
                .max = 1024},
    SettingSpec{.key = "hf_endpoint",
                .fallback = "https://huggingface.co",
                .meaning = "where 'models pull' downloads from",
                .other_env = k_endpoint_env},
    SettingSpec{.key = "hf_token",
                .meaning = "token for downloads and hosted inference",
                .other_env = k_token_env,
                .secret = true},
    SettingSpec{.key = "prices",
                .fallback = "hf-inference-2026-08",
                .meaning = "what services cost: a shipped price table, or a file"},
    SettingSpec{.key = "format",
                .type = Type::choice,
                .fallback = "text",
                .meaning = "form of the result on stdout",
                .choices = "text|json"},
    SettingSpec{.key = "log_level",
                .type = Type::choice,
                .fallback = "info",
                .meaning = "least important event that is written to stderr",
                .choices = "error|warn|info|debug"},
    SettingSpec{.key = "log_format",
                .type = Type::choice,
                .fallback = "text",
                .meaning = "form of events on stderr",
                .choices = "text|json"},
    SettingSpec{.key = "progress",
                .type = Type::choice,
                .fallback = "auto",
                .meaning = "status line: on a terminal, always, or never",
                .choices = "auto|always|never"},
};

}  // namespace

std::span<SettingSpec const> setting_table() {
  return k_settings;
}

}  // namespace jvmm::config
