/** What an enrollment of this protocol is told by: the root of its settings' paths is `com.microsoft.manage.LinuxMdm` [trace: intune-spec]. */
export const LINUX_PROVIDER = 'LinuxMdm';
