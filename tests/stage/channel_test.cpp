#include "stage/channel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace jvmm::stage {
namespace {

TEST(Channel, KeepsOrderAndNeverHoldsMoreThanItsCapacity) {
  Channel<int> channel(2);
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    for (int i = 0; i < 100; ++i)
      if (channel.push(i)) ++sent;
    channel.close();
  });
  int expected = 0;
  while (auto item = channel.pop()) {
    EXPECT_EQ(*item, expected++);
    EXPECT_LE(sent.load(), expected + 3);
  }
  sender.join();
  EXPECT_EQ(expected, 100);
}

TEST(Channel, CloseLetsTheRestBeReceived) {
  Channel<int> channel(4);
  channel.push(1);
  channel.push(2);
  channel.close();
  EXPECT_FALSE(channel.push(3));
  EXPECT_EQ(channel.pop(), 1);
  EXPECT_EQ(channel.pop(), 2);
  EXPECT_FALSE(channel.pop());
}

TEST(Channel, AbandonWakesAWaitingSender) {
  Channel<int> channel(1);
  channel.push(1);
  std::thread sender([&] { EXPECT_FALSE(channel.push(2)); });
  channel.abandon();
  sender.join();
  EXPECT_FALSE(channel.pop());
}

}  // namespace
}  // namespace jvmm::stage
