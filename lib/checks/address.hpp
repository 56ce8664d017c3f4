#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "checks/finding.hpp"

namespace jvmm::checks {

/// Codes besides those of text: email_is_url (error: a web address in the wrong column), email_malformed (error),
/// email_wrapped (warning: "mailto:…", "Name <…>"; proposal: the address), email_several (warning; proposal: the
/// first), email_suspicious (warning: nobody reads test@…, noreply@…, …@example.com, ….invalid; proposal: nothing),
/// email_reserved (note: below a name reserved for documentation). Addresses of a role (info@, contact@) are fine, and
/// letters of any script.
ColumnCheck check_email(std::optional<std::string_view> value);

/// Codes besides those of text: website_no_scheme (note; proposal with "https://"), website_is_email,
/// website_malformed, website_bad_scheme (errors; proposal: nothing, not safe), website_extra_text (warning: one
/// address among other words; proposal: the address), website_credentials (warning: a user or password in it),
/// website_is_linkedin (warning).
ColumnCheck check_website(std::optional<std::string_view> value);

/// Codes besides those of text: linkedin_no_scheme (note; proposal with "https://"), linkedin_not_person (note: on
/// linkedin.com, but no /in/ page), linkedin_reserved (note: a stand-in for linkedin.com below a reserved name),
/// linkedin_elsewhere, linkedin_malformed (errors; proposal: nothing, not safe), linkedin_extra_text (warning).
ColumnCheck check_linkedin(std::optional<std::string_view> value);

/// Whether a text is a web address on linkedin.com or below it; the address with a scheme, or absent.
std::optional<std::string> linkedin_address(std::string_view text);

}  // namespace jvmm::checks
