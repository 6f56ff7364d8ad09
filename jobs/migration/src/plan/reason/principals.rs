//! Causes of notes on users, groups and roles.

use crate::name::Identifier;
use crate::words::list;

const ID: &str = "check its id on the source";

causes! {
    /// Notes on users and their settings.
    UserCause {
        NotListed => "it owns or may use something, but is not listed as a user", ID;
        External =>
            "it comes from IAM or from an identity provider, where its logins are decided",
            "let it log in to the target once, and run this job again for its rights";
        Superuser =>
            "it is a superuser on the source",
            "ALTER USER … CREATEUSER on the target, if it must be";
        OptionOnTarget { option: &'static str } =>
            format!("it has {option} on the target, and not on the source"),
            "ALTER USER on the target, or on the source";
        OptionsDiffer { source: Vec<String>, target: Vec<String> } =>
            format!("it has {} on the source, and {} on the target", list(source), list(target)),
            "ALTER USER on the target; it is never changed by this tool";
        SettingOnTarget =>
            "only on the target does the user start with a value of it",
            "ALTER USER … RESET on the target, if it is not meant to";
        SettingDiffers =>
            "the user starts with another value on the target",
            "ALTER USER … SET on the target; it is never changed by this tool";
        SettingOfOneWhoMayMore =>
            "the user may do more on the target than the tenant brings along, and a setting such as its search_path decides what it \
             runs there",
            "ALTER USER … SET on the target, once you have seen that it is meant for what the user does there";
        SettingWithoutSql => "its value cannot be said in SQL", "ALTER USER … SET on the target";
        PasswordNotRead => "passwords are not read from the source", "ALTER USER … PASSWORD on the target";
        SuperuserWithoutPassword =>
            "a superuser cannot be without a password, so it is created as an ordinary user",
            "--SUPERUSERS keep with --PASSWORDS generate, or ALTER USER … CREATEUSER PASSWORD on the target";
        HashNotShown =>
            "the source does not show the hash of its password",
            "ALTER USER … PASSWORD on the target";
        SuperuserHashNotShown =>
            "the source does not show the hash of its password, and a superuser cannot be without one",
            "ALTER USER … CREATEUSER PASSWORD on the target";
    }
}

impl UserCause {
    /// Whether it says that a superuser of the source is none on the target.
    pub(crate) fn loses_superuser(&self) -> bool {
        match self {
            Self::Superuser | Self::SuperuserWithoutPassword | Self::SuperuserHashNotShown => true,
            Self::NotListed
            | Self::External
            | Self::OptionOnTarget { .. }
            | Self::OptionsDiffer { .. }
            | Self::SettingOnTarget
            | Self::SettingDiffers
            | Self::SettingOfOneWhoMayMore
            | Self::SettingWithoutSql
            | Self::PasswordNotRead
            | Self::HashNotShown => false,
        }
    }
}

causes! {
    /// Notes on groups and their members.
    GroupCause {
        NotListed => "it holds rights, but is not listed as a group", ID;
        MemberNotThere =>
            "the member is neither moved nor on the target",
            "create the user on the target, then ADD USER";
        HasOtherPrivileges =>
            "on the target the group holds rights beyond the tenant's schemas that it does not hold on the source",
            "ALTER GROUP … ADD USER on the target, if the user may have them";
        Stranger { user: Identifier } =>
            format!(
                "on the target it holds {}, who is not in it on the source and would gain its rights",
                user.as_str()
            ),
            "ALTER GROUP … DROP USER on the target, or ADD USER on the source";
    }
}

const REVOKE_OR_GRANT: &str = "REVOKE ROLE on the target, or GRANT ROLE on the source";
const GRANT: &str = "GRANT ROLE on the target, if it must be";

causes! {
    /// Notes on roles, their owners and their holders.
    RoleCause {
        NotListed => "it holds rights, but is not listed as a role", ID;
        External =>
            "it stands for a group of an identity provider, and its members are decided there",
            "register the identity provider on the target, then CREATE ROLE … EXTERNALID, and run this job again for its rights";
        ExternalElsewhere =>
            "on the target it stands for another group of an identity provider",
            "ALTER ROLE … EXTERNALID TO on the target, or another name for the role";
        OwnerNotThere { owner: Identifier } =>
            format!(
                "its owner {} is neither moved nor on the target; it belongs to who creates it",
                owner.as_str()
            ),
            "ALTER ROLE … OWNER TO on the target";
        OwnerCouldGrant { owner: Identifier } =>
            format!(
                "{}, who owns it on the source, could grant what it may do outside the tenant's schemas",
                owner.as_str()
            ),
            "ALTER ROLE … OWNER TO on the target, if the user may";
        AdminOption =>
            "the target lets the user grant the role (ADMIN OPTION) and the source does not",
            "REVOKE ADMIN OPTION FOR ROLE on the target, or grant it on the source";
        HolderNotThere =>
            "the holder is neither moved nor on the target",
            "create it on the target, then GRANT ROLE";
        AsGoodAsSuperuser => "it is as good as a superuser, and none is made", GRANT;
        HasOtherPrivileges =>
            "on the target the role holds rights beyond the tenant's schemas that it does not hold on the source, or policies there are for it",
            GRANT;
        Stranger =>
            "the holder has the role on the target and not on the source, and would gain its rights",
            REVOKE_OR_GRANT;
        OnlyOnTarget => "the target lets the holder have the role and the source does not", REVOKE_OR_GRANT;
    }
}
