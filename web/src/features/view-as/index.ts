/** A dashboard as somebody else sees it, for admins. Loaded when it is asked for. */
export { ChoosePerson } from "./ChoosePerson";
export { ViewAs } from "./ViewAs";
