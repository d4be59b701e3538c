/// Credit bought by card, behind [PaymentProvider].
///
/// A row is written before the provider is asked, its id is the key under which the provider does a
/// thing once, and what the provider sends is only a reason to ask it: credit follows from the
/// state of the payment as the provider has it, whatever came first, twice or never.
@NullMarked
package dev.gatewright.payment;

import org.jspecify.annotations.NullMarked;
