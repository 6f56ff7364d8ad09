//! Causes that the plan itself has, for objects of any kind.

use crate::plan::StepId;
use crate::words::list;

causes! {
    /// An object that stands on the target with another definition.
    Definition {
        // It is never changed, and nothing is built on it: a right on it would be one on something else than the source's.
        Differs { differences: Vec<&'static str> } =>
            if differences.is_empty() {
                "it is on the target with another definition".to_owned()
            } else {
                format!("it is on the target with another definition: {}", list(differences))
            },
            "replace or drop it on the target; it is never changed by this tool";
    }
}

causes! {
    /// A step that the plan leaves out.
    Left {
        InACircle { steps: Vec<StepId> } =>
            format!("it needs itself: {} need each other in a circle", list(steps)),
            "break the circle on the source, or create these on the target by hand";
        NeedsWhatIsLeftOut { cause: StepId } =>
            format!("it needs what is left out: {cause}"),
            "see to that first, then start the job again";
        Ambiguous => "two steps of the plan have this id", "report this as a defect";
    }
}
