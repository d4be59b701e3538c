/// How calls are counted against limits: in this process, or in one Redis that every replica asks,
/// and by a share of each limit while that one is away.
@NullMarked
package dev.gatewright.limit.count;

import org.jspecify.annotations.NullMarked;
