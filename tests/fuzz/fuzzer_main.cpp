#include "fuzz/fuzz.hpp"

// What libFuzzer calls; JVMM_FUZZ_TARGET is one of the functions of fuzz.hpp.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  return jvmm::fuzz::JVMM_FUZZ_TARGET(data, size);
}
