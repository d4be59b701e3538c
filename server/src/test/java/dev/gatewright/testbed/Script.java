package dev.gatewright.testbed;

import java.io.IOException;

/// What the fake provider does with one request. Runs on a thread of its own; returning leaves the
/// connection open for the next request.
@FunctionalInterface
public interface Script {
  void answer(SeenRequest request, Wire wire) throws IOException, InterruptedException;
}
