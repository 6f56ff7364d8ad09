//! A set of small numbers.

/// One bit a number: sets of a few hundred principals are a few words, joined and compared at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// Adds a number.
    pub fn insert(&mut self, number: usize) {
        let word = number / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    /// Leaves the numbers that pass.
    pub fn retain(&mut self, passes: impl Fn(usize) -> bool) {
        let left: Vec<usize> = self.numbers().filter(|number| passes(*number)).collect();
        self.0.clear();
        for number in left {
            self.insert(number);
        }
    }

    /// The numbers in it and not in another, as a set.
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = Self::default();
        self.without(other).for_each(|number| left.insert(number));
        left
    }

    /// The numbers that are in another, too, as a set.
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(word, other)| word & other).collect())
    }

    /// Whether a number is in it.
    pub fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Adds all numbers of another set.
    pub fn extend(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    /// The numbers in it, in order.
    pub fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        })
    }

    /// The numbers in it and not in another, in order.
    pub fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, word)| {
            let left = word & !other.0.get(at).copied().unwrap_or(0);
            (0..64).filter(move |bit| left >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn a_set_of_bits_is_a_set(ours in proptest::collection::btree_set(0..200_usize, 0..20),
                                  theirs in proptest::collection::btree_set(0..200_usize, 0..20)) {
            let bits = |numbers: &BTreeSet<usize>| {
                let mut bits = Bits::default();
                for number in numbers {
                    bits.insert(*number);
                }
                bits
            };
            let (a, b) = (bits(&ours), bits(&theirs));
            prop_assert_eq!(a.without(&b).collect::<BTreeSet<_>>(), &ours - &theirs);
            prop_assert_eq!(&a.numbers().collect::<BTreeSet<_>>(), &ours);
            prop_assert_eq!(a.and(&b).numbers().collect::<BTreeSet<_>>(), &ours & &theirs);
            let mut both = a.clone();
            both.extend(&b);
            let all = &ours | &theirs;
            prop_assert_eq!((0..256).filter(|number| both.contains(*number)).collect::<BTreeSet<_>>(), all);
        }
    }
}
