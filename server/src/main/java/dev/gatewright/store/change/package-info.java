/// How what is written on one replica is heard on all of them: numbered changes and who reads
/// along.
@NullMarked
package dev.gatewright.store.change;

import org.jspecify.annotations.NullMarked;
