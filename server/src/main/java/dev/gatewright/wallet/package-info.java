/// Wallets: credit that organizations are given, and what has become of it.
@NullMarked
package dev.gatewright.wallet;

import org.jspecify.annotations.NullMarked;
