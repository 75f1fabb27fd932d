import { Modal, type ModalProps } from '@mantine/core';
import { createContext, useContext, useEffect, useState } from 'react';

const TellCovered = createContext<(isCovered: boolean) => void>(() => {});

/** A dialog whose form may open another one over it, which Escape then closes alone. */
export function FormModal({ children, ...modal }: ModalProps) {
  const [isCovered, setCovered] = useState(false);
  return (
    <Modal {...modal} closeOnEscape={!isCovered}>
      <TellCovered value={setCovered}>{children}</TellCovered>
    </Modal>
  );
}

/** Says, of a dialog, whether it stands over the form that opened it. */
export function useCovers(isOpen: boolean): void {
  const tell = useContext(TellCovered);
  useEffect(() => {
    tell(isOpen);
    return () => tell(false);
  }, [tell, isOpen]);
}
