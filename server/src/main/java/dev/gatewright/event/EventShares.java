package dev.gatewright.event;

import dev.gatewright.edge.Refusal;
import dev.gatewright.share.Shares;
import org.jspecify.annotations.Nullable;

/// How many of everybody's streams an organization may have open, and one person in all of them. A
/// session has one, which is said elsewhere. Pure.
///
/// @param total of this process
/// @param perOrganization where no other organization has any; while others do, as many as its part
///   of what is free ([Shares])
public record EventShares(long total, long perOrganization) {
  private static final int RETRY_AFTER_SECONDS = 10;

  /// One person leaves half of an organization's share to its others.
  long perPerson() {
    return Math.ceilDiv(perOrganization, 2);
  }

  /// Why another one may not begin; null = it may.
  ///
  /// @param all streams that are open
  /// @param ofOrganization of them
  /// @param ofPerson of them, in whichever organization
  @Nullable Refusal refusal(long all, long ofOrganization, long ofPerson) {
    if (ofPerson >= perPerson()) {
      return full("you may have at once, over all your sessions");
    }
    if (ofOrganization >= perOrganization) {
      return full("the organization may have at once");
    }
    long free = total - all - 1;
    if (free < 0 || !Shares.fair(ofOrganization + 1, perOrganization, free, total)) {
      return ofOrganization == 0
          ? Refusal.overloaded(
              "As many streams of events are open as this server has.", RETRY_AFTER_SECONDS)
          : full("the organization may have while others have theirs");
    }
    return null;
  }

  private static Refusal full(String whose) {
    return Refusal.tooMany(
        "As many streams of events are open as %s.".formatted(whose), RETRY_AFTER_SECONDS);
  }
}
